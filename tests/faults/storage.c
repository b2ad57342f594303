/* Makes the storage of a program fail on demand, for tests: preloaded, it looks for files in $FAULTS before each call
   that writes or syncs a database. `sync`: syncing fails; `write`: writing fails; `full`: the disk is full; `main`: writing
   and syncing the file itself fail, and what lies beside it works; `hang`: syncing does not come back while the file is
   there; `kill`: holds a number, and the process is killed instead of renaming for that time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_wanted(const char *fault) {
    const char *directory = getenv("FAULTS");
    char path[4096];
    if (!directory || snprintf(path, sizeof path, "%s/%s", directory, fault) >= (int)sizeof path) return 0;
    return access(path, F_OK) == 0;
}

enum kind { OTHER, DATABASE, MAIN };

static enum kind kind_of(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return OTHER;
    path[length] = 0;
    const char *name = strstr(path, "plinth.db");
    if (!name || strstr(path, "-lock")) return OTHER;
    return strcmp(name, "plinth.db") == 0 ? MAIN : DATABASE;
}

static int writing_fails(int fd) {
    int saved = errno;
    enum kind kind = kind_of(fd);
    if (kind != OTHER) {
        if (kind == MAIN && is_wanted("main")) { errno = EIO; return 1; }
        if (is_wanted("write")) { errno = EIO; return 1; }
        if (is_wanted("full")) { errno = ENOSPC; return 1; }
    }
    errno = saved;
    return 0;
}

static int syncing_fails(int fd) {
    int saved = errno;
    enum kind kind = kind_of(fd);
    if (kind != OTHER) {
        if (kind == MAIN && is_wanted("main")) { errno = EIO; return 1; }
        while (is_wanted("hang")) usleep(10000);
        if (is_wanted("sync")) { errno = EIO; return 1; }
    }
    errno = saved;
    return 0;
}

#define REAL(name, type) static type real; if (!real) real = (type)dlsym(RTLD_NEXT, name)

typedef ssize_t (*write_call)(int, const void *, size_t);
typedef ssize_t (*pwrite_call)(int, const void *, size_t, off64_t);
typedef int (*sync_call)(int);

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL("write", write_call);
    return writing_fails(fd) ? -1 : real(fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    REAL("pwrite64", pwrite_call);
    return writing_fails(fd) ? -1 : real(fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    REAL("pwrite64", pwrite_call);
    return writing_fails(fd) ? -1 : real(fd, bytes, length, at);
}

int fsync(int fd) {
    REAL("fsync", sync_call);
    return syncing_fails(fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
    REAL("fdatasync", sync_call);
    return syncing_fails(fd) ? -1 : real(fd);
}

typedef int (*rename_call)(const char *, const char *);

int rename(const char *from, const char *to) {
    static int times;
    const char *directory = getenv("FAULTS");
    char path[4096], text[16] = "";
    REAL("rename", rename_call);
    times++;
    if (directory && snprintf(path, sizeof path, "%s/kill", directory) < (int)sizeof path) {
        FILE *file = fopen(path, "r");
        if (file) {
            if (fgets(text, sizeof text, file) && atoi(text) == times) raise(SIGKILL);
            fclose(file);
        }
    }
    return real(from, to);
}
