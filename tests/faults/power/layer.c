/* A disk that forgets: stands between a program and the system's files (LD_PRELOAD) and writes down, in order, every
 * write, truncation, new name and sync of files under one folder. tests/faults/power/disk.py makes from that record what
 * a disk may hold after the power went at any point of it.
 *
 * POWER_UNDER  the folder; nothing elsewhere is touched
 * POWER_LOG    where the record goes
 * POWER_SPACE  bytes by which files may grow before the disk is full (ENOSPC); freed by truncating and unlinking
 *
 * A program may call `power_fails` itself: then which call (1, 2, 3 ...) of a kind (S sync, W write, T truncate, U unlink)
 * fails, a write with ENOSPC, the others with EIO; `power_failed` tells whether it came to that.
 *
 * A write to a file called `announced` is not a write but a note: what the program has promised by then.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char under[PATH_MAX];
static size_t under_length;
static int record = -1;
static int64_t space = INT64_MAX;
static char failing;
static long fails_at, seen;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_fsync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_rename)(const char *, const char *);
static ssize_t (*real_sendfile)(int, int, off_t *, size_t);

#define FIND(name) *(void **)(&real_##name) = dlsym(RTLD_NEXT, #name)

static void watch(const char *folder, const char *log) {
    if (!folder || !log || !realpath(folder, under)) return;
    under_length = strlen(under);
    record = real_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void power_fails(const char *folder, const char *log, char what, long at) {
    watch(folder, log);
    failing = what;
    fails_at = at;
    seen = 0;
}
int power_failed(void) { return fails_at && seen >= fails_at; }

/* Called with the lock held, once for every call of a kind. */
static int fails(char what) {
    if (what != failing || ++seen != fails_at) return 0;
    errno = what == 'W' ? ENOSPC : EIO;
    return 1;
}

__attribute__((constructor)) static void begin(void) {
    FIND(write); FIND(pwrite); FIND(open); FIND(openat); FIND(fsync); FIND(ftruncate);
    FIND(unlink); FIND(unlinkat); FIND(rename); FIND(sendfile);
    if (getenv("POWER_SPACE")) space = atoll(getenv("POWER_SPACE"));
    watch(getenv("POWER_UNDER"), getenv("POWER_LOG"));
}

static int ours(const char *path) {
    return record >= 0 && strncmp(path, under, under_length) == 0 && path[under_length] == '/';
}

/* The name of an open file, if it lies in the folder (or is the folder itself). */
static int name_of(int fd, char *path) {
    char link[64];
    if (record < 0 || fd < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return ours(path) || strcmp(path, under) == 0;
}

static int is_note(const char *path) {
    const char *base = strrchr(path, '/');
    return base && strcmp(base, "/announced") == 0;
}

static void note_down(char what, const char *path, uint64_t at, const void *data, uint64_t length) {
    struct __attribute__((packed)) { char what; uint32_t name; uint64_t at, length; } head;
    head.what = what;
    head.name = (uint32_t)strlen(path);
    head.at = at;
    head.length = length;
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.name}, {(void *)data, length}};
    if (writev(record, parts, 3) < 0) abort();
}

/* Room for growing from its size to `end`; 0 and ENOSPC where there is none. */
static int room(int fd, off_t end) {
    struct stat is;
    if (space == INT64_MAX || fstat(fd, &is) || end <= is.st_size) return 1;
    if (end - is.st_size > space) { errno = ENOSPC; return 0; }
    space -= end - is.st_size;
    return 1;
}

static ssize_t written(int fd, const void *data, size_t length, off_t at, int placed) {
    char path[PATH_MAX];
    if (!name_of(fd, path)) return placed ? real_pwrite(fd, data, length, at) : real_write(fd, data, length);
    int saved;
    pthread_mutex_lock(&lock);
    if (!placed) at = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    ssize_t done = -1;
    if (is_note(path) || (!fails('W') && room(fd, at + (off_t)length)))
        done = placed ? real_pwrite(fd, data, length, at) : real_write(fd, data, length);
    saved = errno;
    if (done > 0) note_down(is_note(path) ? 'N' : 'W', path, (uint64_t)at, data, (uint64_t)done);
    pthread_mutex_unlock(&lock);
    errno = saved;
    return done;
}

ssize_t write(int fd, const void *data, size_t length) { return written(fd, data, length, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return written(fd, data, length, at, 1); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t at) { return written(fd, data, length, at, 1); }

/* Copying inside the kernel would pass us by; whoever asks falls back to reading and writing. */
ssize_t sendfile(int out, int in, off_t *at, size_t length) {
    char path[PATH_MAX];
    if (name_of(out, path)) { errno = EINVAL; return -1; }
    return real_sendfile(out, in, at, length);
}
ssize_t sendfile64(int out, int in, off_t *at, size_t length) { return sendfile(out, in, at, length); }

static int synced(int fd) {
    char path[PATH_MAX];
    if (!name_of(fd, path)) return real_fsync(fd);
    pthread_mutex_lock(&lock);
    int failed = fails('S');
    if (!failed) note_down('S', path, 0, "", 0);
    pthread_mutex_unlock(&lock);
    if (failed) errno = EIO;
    return failed ? -1 : 0; /* the real disk need not be waited for */
}
int fsync(int fd) { return synced(fd); }
int fdatasync(int fd) { return synced(fd); }

static int truncated(int fd, off_t length) {
    char path[PATH_MAX];
    struct stat is;
    if (!name_of(fd, path)) return real_ftruncate(fd, length);
    pthread_mutex_lock(&lock);
    off_t before = fstat(fd, &is) ? 0 : is.st_size;
    int done = !fails('T') && room(fd, length) ? real_ftruncate(fd, length) : -1;
    if (!done) {
        if (space != INT64_MAX && length < before) space += before - length;
        note_down('T', path, (uint64_t)length, "", 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int ftruncate(int fd, off_t length) { return truncated(fd, length); }
int ftruncate64(int fd, off_t length) { return truncated(fd, length); }

static void absolute(int at, const char *given, char *path) {
    char base[PATH_MAX] = "";
    if (given[0] == '/') { snprintf(path, PATH_MAX, "%s", given); return; }
    if (at == AT_FDCWD) { if (!getcwd(base, sizeof base)) base[0] = 0; }
    else if (!name_of(at, base)) base[0] = 0;
    if (snprintf(path, PATH_MAX, "%s/%s", base, given) >= PATH_MAX) path[0] = 0;
}

static int opened(int at, const char *given, int flags, mode_t mode) {
    char path[PATH_MAX];
    absolute(at, given, path);
    if (!ours(path) || is_note(path) || !(flags & (O_CREAT | O_TRUNC))) return real_openat(at, given, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat is;
    int there = !stat(path, &is);
    int fd = real_openat(at, given, flags, mode);
    int saved = errno;
    if (fd >= 0 && !there) note_down('C', path, 0, "", 0);
    if (fd >= 0 && there && flags & O_TRUNC) {
        if (space != INT64_MAX) space += is.st_size;
        note_down('T', path, 0, "", 0);
    }
    pthread_mutex_unlock(&lock);
    errno = saved;
    return fd;
}

#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); \
    mode = (mode_t)va_arg(more, int); va_end(more); }
int open(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE return opened(at, path, flags, mode); }

static int removed(int at, const char *given, int flags) {
    char path[PATH_MAX];
    struct stat is;
    absolute(at, given, path);
    if (!ours(path)) return flags == -1 ? real_unlink(given) : real_unlinkat(at, given, flags);
    pthread_mutex_lock(&lock);
    int there = !stat(path, &is);
    int done = fails('U') ? -1 : flags == -1 ? real_unlink(given) : real_unlinkat(at, given, flags);
    int saved = errno;
    if (!done) {
        if (there && space != INT64_MAX) space += is.st_size;
        note_down('U', path, 0, "", 0);
    }
    pthread_mutex_unlock(&lock);
    errno = saved;
    return done;
}
int unlink(const char *path) { return removed(AT_FDCWD, path, -1); }
int unlinkat(int at, const char *path, int flags) { return removed(at, path, flags); }

int rename(const char *from, const char *to) {
    char old[PATH_MAX], new[PATH_MAX];
    absolute(AT_FDCWD, from, old);
    absolute(AT_FDCWD, to, new);
    if (!ours(old)) return real_rename(from, to);
    pthread_mutex_lock(&lock);
    int done = real_rename(from, to);
    int saved = errno;
    if (!done) note_down('R', old, 0, new, strlen(new));
    pthread_mutex_unlock(&lock);
    errno = saved;
    return done;
}
