/* Records what a process does to the files below FAULT_DIR, in its order, into FAULT_LOG. Linux: LD_PRELOAD.
 * An entry is {op, offset, size of path, size of bytes}, path, bytes; op: w write, t truncate, s sync, u unlink, r rename, m mkdir.
 * It is written after the call it tells of, in one writev, so that entries of two threads do not mix. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static const char *dir;
static int out = -1;

__attribute__((constructor)) static void start(void) {
    dir = getenv("FAULT_DIR");
    if (dir && getenv("FAULT_LOG")) out = open(getenv("FAULT_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void note(char op, const char *path, int64_t at, const void *bytes, size_t size) {
    size_t head = dir ? strlen(dir) : 0;
    if (out < 0 || strncmp(path, dir, head) || (path[head] && path[head] != '/')) return;
    path += path[head] ? head + 1 : head;
    int64_t entry[4] = {op, at, (int64_t)strlen(path), (int64_t)size};
    struct iovec parts[3] = {{entry, sizeof entry}, {(void *)path, strlen(path)}, {(void *)bytes, size}};
    if (writev(out, parts, 3) < 0) abort();
}

static void note_open(char op, int file, int64_t at, const void *bytes, size_t size) {
    char link[32], path[PATH_MAX];
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
        path[length] = 0;
        note(op, path, at, bytes, size);
    }
    errno = kept;
}

#define PWRITE(name, offset)                                                       \
    ssize_t name(int file, const void *bytes, size_t size, offset at) {            \
        ssize_t done = REAL(name)(file, bytes, size, at);                          \
        if (done > 0) note_open('w', file, at, bytes, (size_t)done);               \
        return done;                                                               \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int file, const void *bytes, size_t size) {
    ssize_t done = REAL(write)(file, bytes, size);
    if (done > 0 && file != out) note_open('w', file, lseek(file, 0, SEEK_CUR) - done, bytes, (size_t)done);
    return done;
}

#define TRUNCATE(name, offset)                                                     \
    int name(int file, offset size) {                                              \
        int failed = REAL(name)(file, size);                                       \
        if (!failed) note_open('t', file, size, "", 0);                            \
        return failed;                                                             \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                                 \
    int name(int file) {                                                           \
        int failed = REAL(name)(file);                                             \
        if (!failed) note_open('s', file, 0, "", 0);                               \
        return failed;                                                             \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    int failed = REAL(unlink)(path);
    if (!failed) note('u', path, 0, "", 0);
    return failed;
}

int rename(const char *from, const char *to) {
    int failed = REAL(rename)(from, to);
    if (!failed) note('r', from, 0, to, strlen(to));
    return failed;
}

int mkdir(const char *path, mode_t mode) {
    int failed = REAL(mkdir)(path, mode);
    if (!failed) note('m', path, 0, "", 0);
    return failed;
}
