"""The demo story for the papers of the spine."""

from tests.demo.conftest import loaded_once, story_copy, story_house

__all__ = ['loaded_once', 'story_copy', 'story_house']
