"""Loading the demo story through the operations, so that every rule runs."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from sqlalchemy import func, select
from sqlmodel import col

from app.demo import assessment, batch, bylaws, filing, people, personnel, premises
from app.demo.story import Scene, story
from app.errors import Refused
from app.house import House
from app.installation import installation
from app.settings import mark_demo
from app.users.passwords import hash_password
from db.batches import Batch
from db.organizations import Org

Progress = Callable[[int, int, str], None]

STEPS: tuple[tuple[str, Callable[[Scene], None]], ...] = (  # in the order of their days
    ('建立鉴定中心', people.open_centre),
    ('登记启帆培训学校', lambda scene: people.register(scene, 'a')),
    ('登记精密机床公司', lambda scene: people.register(scene, 'b')),
    ('精密机床公司备案', lambda scene: people.file_letter(scene, 'b')),
    ('精密机床公司人员', lambda scene: people.staff(scene, 'b')),
    ('精密机床公司登记册', lambda scene: personnel.fill(scene, 'b')),
    ('精密机床公司场所和设备', lambda scene: premises.fill(scene, 'b')),
    ('精密机床公司规章制度和标准', bylaws.of_b),
    ('启帆培训学校备案', lambda scene: people.file_letter(scene, 'a')),
    ('启帆培训学校人员', lambda scene: people.staff(scene, 'a')),
    ('启帆培训学校登记册', lambda scene: personnel.fill(scene, 'a')),
    ('启帆培训学校场所和设备', lambda scene: premises.fill(scene, 'a')),
    ('启帆培训学校规章制度和标准', bylaws.of_a),
    ('此前的批次和证书序列', batch.change_over),
    ('第三批：六十名考生', batch.register),
    ('第三批：照片', batch.take_photos),
    ('启帆培训学校应急预案第2版', bylaws.second_version),
    ('启帆培训学校设备送修', lambda scene: premises.keep_up(scene, 0)),
    ('第三批：场次、座位和准考证号', batch.seat),
    ('启帆培训学校增项的标准', bylaws.increment_standard),
    ('启帆培训学校增项：人员和证明', lambda scene: filing.hold(scene, 'a')),
    ('启帆培训学校增项申报', lambda scene: filing.apply(scene, 'a')),
    ('启帆培训学校增项：告知补正', lambda scene: filing.tell(scene, 'a')),
    ('启帆培训学校考前安全检查', lambda scene: premises.keep_up(scene, 1)),
    ('启帆培训学校增项：补正', lambda scene: filing.mend(scene, 'a')),
    ('启帆培训学校增项受理', lambda scene: filing.take_in(scene, 'a')),
    ('登记技师学院', lambda scene: people.register(scene, 'c')),
    ('技师学院人员', lambda scene: people.staff(scene, 'c')),
    ('技师学院登记册', lambda scene: personnel.fill(scene, 'c')),
    ('技师学院场所和设备', lambda scene: premises.fill(scene, 'c')),
    ('技师学院规章制度和标准', bylaws.of_c),
    ('技师学院证照、人员和证明', lambda scene: filing.hold(scene, 'c')),
    ('技师学院备案申报', lambda scene: filing.apply(scene, 'c')),
    ('第三批：成绩两次录入', batch.enter_scores),
    ('技师学院备案：告知补正', lambda scene: filing.tell(scene, 'c')),
    ('第三批：签字和公示', batch.sign),
    ('技师学院补齐规章制度', bylaws.of_c_later),
    ('技师学院备案：补正', lambda scene: filing.mend(scene, 'c')),
    ('技师学院备案受理', lambda scene: filing.take_in(scene, 'c')),
    ('启帆培训学校增项：评估组', lambda scene: assessment.open_panel(scene, 'a')),
    ('第三批：签批、编号和发证', batch.certify),
    ('技师学院备案：评估组', lambda scene: assessment.open_panel(scene, 'c')),
    ('启帆培训学校证书管理办法修订', bylaws.revision),
    ('启帆培训学校安全检查', lambda scene: premises.keep_up(scene, 2)),
    ('第四批：供练习', batch.open_next),
    ('启帆培训学校增项：现场评估', lambda scene: assessment.visit(scene, 'a')),
    ('启帆培训学校增项：结论和公示', lambda scene: assessment.decide(scene, 'a')),
    ('技师学院备案：现场评估', lambda scene: assessment.visit(scene, 'c')),
    ('技师学院备案：限期整改', lambda scene: assessment.decide(scene, 'c')),
    ('启帆培训学校增项：备案函草稿', lambda scene: assessment.draft(scene, 'a')),
)


def load(house: House, progress: Progress) -> None:
    """Load the story into an empty data folder; a folder that holds it whole is left as it is.

    house: the one that was opened (app.house.open_house)
    progress: takes the steps done, the steps in all and what comes next, in Chinese
    raises Refused for a folder with other data, and for one where an earlier loading was broken off
    source: design §4, demo
    """
    if is_loaded(house):
        return
    mark_demo(house.home)
    scene = Scene(story(), hash_password(secrets.token_urlsafe(24)))
    for done, (text, act) in enumerate(STEPS):
        progress(done, len(STEPS), text)
        act(scene)
    progress(len(STEPS), len(STEPS), '演示数据已载入')


def is_loaded(house: House) -> bool:
    """Return whether the data folder holds the whole story; raises Refused for other data and for half of the story."""
    found = installation()
    with house.engines.read.connect() as connection:
        orgs = connection.execute(select(func.count()).select_from(Org)).scalar_one()
        last = connection.execute(select(col(Batch.id)).where(col(Batch.number) == story().next.batch.number)).first()
    if found is None and not orgs:
        return False
    if found is None or not found.demo:
        raise Refused(f'{house.home} 中已有其他数据，演示数据不能载入其中。请用 --data 指定一个空文件夹。')
    if last is None:
        raise Refused(f'{house.home} 中的演示数据上次没有载入完整。请删除这个文件夹，再执行 python -m app demo。')
    return True
