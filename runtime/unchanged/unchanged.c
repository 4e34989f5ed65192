// unchanged.c — answers `tenon build` when nothing changed since it last ended, before Node is started; else says nothing and ends with 1.
// The snapshot it reads is written by snapshot.ts, which says what is in it. All else is the command's.
//
//   tenon-unchanged <folder of the command> build <words of the command line>…
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct { char *at, *end; } Fields;

/** Not this program's to answer. */
static void leave(void) { _exit(1); }

static char *next_field(Fields *fields) {
  char *field = fields->at;
  char *nul = field < fields->end ? memchr(field, 0, (size_t)(fields->end - field)) : NULL;
  if (!nul) leave();
  fields->at = nul + 1;
  return field;
}
static long next_count(Fields *fields) { return strtol(next_field(fields), NULL, 10); }
static void must_equal(const char *field, const char *now) {
  if (strcmp(field, now)) leave();
}

/** `$TENON_HOME`, else `$XDG_DATA_HOME/tenon`, else `~/.local/share/tenon`, as runtime/cli/process/home.ts has it. */
static void home_directory(char *home) {
  const char *own = getenv("TENON_HOME"), *data = getenv("XDG_DATA_HOME"), *user = getenv("HOME");
  int size;
  if (own && *own) size = snprintf(home, PATH_MAX, "%s", own);
  else if (data && *data == '/') size = snprintf(home, PATH_MAX, "%s/tenon", data);
  else if (user && *user) size = snprintf(home, PATH_MAX, "%s/.local/share/tenon", user);
  else leave();
  if (size >= PATH_MAX) leave();
}

/** The Node that `exec node` would start. */
static void node_on_path(char *node) {
  const char *folders = getenv("PATH");
  for (const char *end; folders && *folders; folders = *end ? end + 1 : end) {
    end = strchrnul(folders, ':');
    char file[PATH_MAX];
    struct stat status;
    int size = snprintf(file, sizeof file, "%.*s/node", (int)(end - folders), folders);
    if (end == folders || size >= PATH_MAX || stat(file, &status) || !S_ISREG(status.st_mode) || access(file, X_OK)) continue;
    if (!realpath(file, node)) leave();
    return;
  }
  leave();
}

/** FNV-1a over the words, each but the last ended by NUL. */
static uint32_t hash_of(char **words, int count) {
  uint32_t hash = 0x811c9dc5;
  for (int i = 0; i < count; i++) {
    for (const unsigned char *at = (const unsigned char *)words[i]; *at; at++) hash = (hash ^ *at) * 0x01000193u;
    if (i < count - 1) hash *= 0x01000193u;
  }
  return hash;
}

static Fields read_all(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status)) leave();
  size_t size = (size_t)status.st_size;
  char *bytes = malloc(size + 1);
  if (!bytes || read(file, bytes, size) != (ssize_t)size) leave();
  close(file);
  return (Fields){bytes, bytes + size};
}

static int put_trait(char *text, const struct stat *status) {
  int64_t modified = (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
  int64_t changed = (int64_t)status->st_ctim.tv_sec * 1000000000 + status->st_ctim.tv_nsec;
  return sprintf(text, "%lld:%lld:%lld:%llu", (long long)status->st_size, (long long)modified, (long long)changed,
                 (unsigned long long)status->st_ino);
}
/** Of a link, and of what it leads to; empty when nothing is there. */
static void trait_of(const char *path, char *trait) {
  struct stat status;
  *trait = 0;
  if (lstat(path, &status)) return;
  char *end = trait + put_trait(trait, &status);
  if (!S_ISLNK(status.st_mode)) return;
  *end++ = '>', *end = 0;
  if (!stat(path, &status)) put_trait(end, &status);
}

static void print(int descriptor, const char *text) {
  for (size_t left = strlen(text); left > 0;) {
    ssize_t wrote = write(descriptor, text, left);
    if (wrote < 0 && (errno == EINTR || errno == EAGAIN)) continue; // EAGAIN: a pipe whose reader is slow
    if (wrote < 0) return; // its reader is gone
    text += wrote, left -= (size_t)wrote;
  }
}

int main(int count, char **arguments) {
  char home[PATH_MAX], node[PATH_MAX], directory[PATH_MAX], file[PATH_MAX + 64];
  if (count < 3 || !getcwd(directory, sizeof directory)) return 1;
  home_directory(home);
  node_on_path(node);
  // The words of the invocation: where it was given, by which Node and which Tenon, and what.
  char **words = calloc((size_t)count + 1, sizeof *words);
  if (!words) return 1;
  words[0] = directory, words[1] = node;
  memcpy(words + 2, arguments + 1, (size_t)(count - 1) * sizeof *words);
  snprintf(file, sizeof file, "%s/cache/unchanged/%x", home, hash_of(words, count + 1));

  Fields fields = read_all(file);
  must_equal(next_field(&fields), "tenon-unchanged 2");
  if (next_count(&fields) != count + 1) return 1;
  for (int i = 0; i <= count; i++) must_equal(next_field(&fields), words[i]);
  for (long inputs = next_count(&fields); inputs > 0; inputs--) {
    char trait[256];
    trait_of(next_field(&fields), trait);
    must_equal(next_field(&fields), trait);
  }
  for (long objects = next_count(&fields); objects > 0; objects--) {
    struct stat status;
    if (lstat(next_field(&fields), &status)) return 1;
  }
  for (long links = next_count(&fields); links > 0; links--) {
    char target[PATH_MAX];
    ssize_t size = readlink(next_field(&fields), target, sizeof target - 1);
    target[size < 0 ? 0 : size] = 0;
    must_equal(next_field(&fields), target);
  }
  const char *out = next_field(&fields);
  print(2, next_field(&fields));
  print(1, out);
  return 0;
}
