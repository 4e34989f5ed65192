// room.h — process 1 of a step's namespaces, and what the step's process becomes: the same code in the supervisor and in a zygote.
// The reasons: docs/design/supervisor.md.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

// Kernel interfaces that the C library of an older distribution does not name. The numbers are the same on all architectures.
enum { OPEN_TREE = 428, MOVE_MOUNT = 429, FSOPEN = 430, FSCONFIG = 431, FSMOUNT = 432, PIDFD_OPEN = 434,
       CLOSE_RANGE = 436, OPENAT2 = 437, MOUNT_SETATTR = 442 };
enum { TREE_CLONE = 1, TREE_RECURSIVE = 0x8000, EMPTY_PATH = 0x1000, FROM_EMPTY = 4, TO_EMPTY = 0x40 };
enum { ATTR_RDONLY = 1, ATTR_NOSUID = 2, ATTR_NODEV = 4, ATTR_NOEXEC = 8 };
enum { CONFIG_STRING = 1, CONFIG_CREATE = 6, RESOLVE_IN_ROOT_ = 0x10 };
struct mount_attributes { uint64_t set, clear, propagation, userns; };
struct open_how_ { uint64_t flags, mode, resolve; };

/** Descriptors. LINK: of process 1, to the supervisor. MACHINE: the supervisor's mount namespace. LIFE: closed when the supervisor has ended. */
enum { LINK = 3, HOST_PROC = 4, MACHINE = 5, LIFE = 6 };
enum { MAX_LAYERS = 128, BATCH = 64 };

typedef struct { char *at, *end; } Words;

static char mode; // of the supervisor: first letter of its argument

static void fail(const char *what, const char *name) {
  dprintf(2, "tenon-supervisor: %s%s%s: %s\n", what, *name ? " " : "", name, strerror(errno));
  _exit(126);
}
static int must(long result, const char *what, const char *name) {
  if (result < 0) fail(what, name);
  return (int)result;
}
// ---- words of a message: texts, each ended by NUL

static char *next_word(Words *words) {
  char *word = words->at;
  char *nul = word < words->end ? memchr(word, 0, (size_t)(words->end - word)) : NULL;
  if (!nul) {
    errno = EPROTO;
    fail("a message that ends early", "");
  }
  words->at = nul + 1;
  return word;
}
static int64_t next_number(Words *words) { return strtoll(next_word(words), NULL, 10); }

typedef struct { const char *access, *target, *source, *work, *list; int64_t layers; Words lowers; } OwnMount; // access: NULL for an overlay

/** The next of a step's own mounts. An overlay's source is its upper layer. */
static int next_own(Words *words, OwnMount *own) {
  if (words->at >= words->end) return 0;
  int is_overlay = !strcmp(next_word(words), "overlay");
  own->access = is_overlay ? NULL : next_word(words);
  own->target = next_word(words);
  own->source = next_word(words);
  if (!is_overlay) return 1;
  own->work = next_word(words);
  own->list = next_word(words);
  own->layers = next_number(words);
  own->lowers = *words;
  for (int64_t layer = 0; layer < own->layers; layer++) next_word(words);
  return 1;
}

// ---- mounts, made by process 1

static void write_file(int directory, const char *path, const char *text, int optional) {
  int file = openat(directory, path, O_WRONLY | O_CLOEXEC);
  int wrote = file >= 0 && write(file, text, strlen(text)) >= 0;
  if (!wrote && !optional) fail("write", path);
  if (file >= 0) close(file);
}
/** What the one user that there is in a new user namespace is called inside and outside of it. */
static void own_ids(unsigned uid, unsigned gid, unsigned outer_uid, unsigned outer_gid) {
  char line[64];
  write_file(HOST_PROC, "self/setgroups", "deny", 0);
  snprintf(line, sizeof line, "%u %u 1\n", uid, outer_uid);
  write_file(HOST_PROC, "self/uid_map", line, 0);
  snprintf(line, sizeof line, "%u %u 1\n", gid, outer_gid);
  write_file(HOST_PROC, "self/gid_map", line, 0);
}
static int tree_at(const char *path, uint64_t attributes) {
  int tree = must(syscall(OPEN_TREE, AT_FDCWD, path, TREE_CLONE | TREE_RECURSIVE | O_CLOEXEC), "mount", path);
  struct mount_attributes a = {.set = attributes};
  if (attributes) must(syscall(MOUNT_SETATTR, tree, "", EMPTY_PATH | TREE_RECURSIVE, &a, sizeof a), "mount", path);
  return tree;
}
/** Links on the way to the target lead where they would lead the step. */
static int place_of(int root, const char *target) {
  struct open_how_ how = {.flags = O_PATH | O_CLOEXEC, .resolve = root == AT_FDCWD ? 0 : RESOLVE_IN_ROOT_};
  return must(syscall(OPENAT2, root, target, &how, sizeof how), "the mount point", target);
}
static void attach(int tree, int root, const char *target) {
  int place = place_of(root, target);
  must(syscall(MOVE_MOUNT, tree, "", place, "", FROM_EMPTY | TO_EMPTY), "mount at", target);
  close(place);
  close(tree);
}
static int fresh_tree(const char *type, const char *permissions, uint64_t attributes) {
  int fs = must(syscall(FSOPEN, type, 1), "a new", type);
  if (permissions) must(syscall(FSCONFIG, fs, CONFIG_STRING, "mode", permissions, 0), "a new", type);
  must(syscall(FSCONFIG, fs, CONFIG_CREATE, NULL, NULL, 0), "a new", type);
  int tree = must(syscall(FSMOUNT, fs, 1, attributes), "a new", type);
  close(fs);
  return tree;
}
/**
 * An overlay, detached. Folders are named by descriptors: no length, colon or comma in their paths matters, and the step reads none of them
 * in its mount table. It is mounted over its work folder at first, in a mount namespace that ends with the next setns(2).
 */
static int overlay_tree(OwnMount *own) {
  char options[64 * (MAX_LAYERS + 4)], *end = options;
  int folders[MAX_LAYERS + 2], count = 0;
  if (own->layers < 1 || own->layers > MAX_LAYERS) errno = E2BIG, fail("an overlay at", own->target);
  must(unshare(CLONE_NEWNS), "a new mount namespace", "");
  for (int64_t i = -2; i < own->layers; i++) {
    const char *path = i == -2 ? own->source : i == -1 ? own->work : next_word(&own->lowers);
    int folder = folders[count++] = must(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), "open", path);
    const char *option = i == -2 ? "userxattr,volatile,upperdir=" : i == -1 ? ",workdir=" : i == 0 ? ",lowerdir=" : ":";
    end += sprintf(end, "%s/proc/self/fd/%d", option, folder);
  }
  must(mount("overlay", own->work, "overlay", MS_NOSUID | MS_NODEV, options), "an overlay at", own->target);
  while (count) close(folders[--count]);
  int tree = tree_at(own->work, 0);
  must(setns(MACHINE, CLONE_NEWNS), "enter", "the machine's mounts");
  return tree;
}
static uint64_t attributes_of(const char *access) {
  switch (*access) {
    case 'r': return ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV;
    case 'w': return ATTR_NOSUID | ATTR_NODEV;
    case 'd': return ATTR_NOSUID;
    default: return 0; // 'm': as the machine has it
  }
}
static void loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (any < 0) return; // no IPv4 here
  ioctl(any, SIOCSIFFLAGS, &request);
  close(any);
}

// ---- the step

typedef struct {
  char *network, *host_name, *directory, *readiness, *root;
  unsigned uid, gid;
  Words mounts; // and all behind them
  char *environment[256], **arguments;
} Start;

/** Reads what a room is made from. */
static void read_start(Words words, Start *start) {
  size_t variables = 0, count = 0;
  start->network = next_word(&words);
  start->host_name = next_word(&words);
  start->uid = (unsigned)next_number(&words);
  start->gid = (unsigned)next_number(&words);
  start->directory = next_word(&words);
  start->readiness = next_word(&words);
  start->root = next_word(&words);
  start->mounts = words;
  start->arguments = calloc((size_t)(words.end - words.at) + 1, sizeof(char *));
  if (!start->arguments) fail("memory", "");
  for (char *word; strcmp(word = next_word(&words), "step");) {
    if (!strcmp(word, "bind")) next_word(&words), next_word(&words), next_word(&words);
    else if (!strcmp(word, "arg")) start->arguments[count++] = next_word(&words);
    else if (variables < 255) start->environment[variables++] = next_word(&words); // "env"
    else errno = E2BIG, fail("the environment", "");
  }
  start->environment[variables] = NULL;
}
/** Mounts what is the same for all rooms of the kind and makes it the root. /proc is the machine's: where it is seen, own_root may mount another. */
static void make_root(const Start *start) {
  Words words = start->mounts;
  attach(tree_at(start->root, mode == 'p' ? ATTR_RDONLY : ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV), AT_FDCWD, start->root);
  int root = must(open(start->root, O_PATH | O_DIRECTORY | O_CLOEXEC), "open", start->root);
  for (const char *word; strcmp(word = next_word(&words), "step");) {
    if (strcmp(word, "bind")) {
      next_word(&words);
      continue;
    }
    uint64_t attributes = attributes_of(next_word(&words));
    const char *target = next_word(&words);
    attach(tree_at(next_word(&words), attributes), root, target);
  }
  if (mode != 'p') attach(tree_at("/proc", 0), root, "/proc");
  must(fchdir(root), "enter", start->root);
  must(syscall(SYS_pivot_root, ".", "."), "change the root to", start->root);
  must(umount2(".", MNT_DETACH), "leave the machine's root", "");
  must(chdir("/"), "enter", "/");
  close(root);
}
/** What each room has for itself. */
static void own_root(void) {
  int processes = fresh_tree("proc", NULL, ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV | ATTR_NOEXEC);
  must(umount2("/proc", MNT_DETACH), "leave", "the machine's processes");
  attach(processes, AT_FDCWD, "/proc");
  attach(fresh_tree("tmpfs", "1777", ATTR_NOSUID | ATTR_NODEV), AT_FDCWD, "/dev/shm");
}
/** Mounts the step's own: sources are opened where the machine's paths lead, targets where the step's do. */
static void mount_own(Words words) {
  if (words.at == words.end) return;
  int step = must(openat(HOST_PROC, "self/ns/mnt", O_RDONLY | O_CLOEXEC), "open", "the mount namespace");
  for (int count = BATCH; count == BATCH;) {
    int trees[BATCH];
    OwnMount own[BATCH];
    must(setns(MACHINE, CLONE_NEWNS), "enter", "the machine's mounts");
    for (count = 0; count < BATCH && next_own(&words, &own[count]); count++) {
      const char *access = own[count].access;
      trees[count] = access ? tree_at(own[count].source, attributes_of(access)) : overlay_tree(&own[count]);
    }
    must(setns(step, CLONE_NEWNS), "enter", "the step's mounts");
    int root = must(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/");
    for (int i = 0; i < count; i++) attach(trees[i], root, own[i].target);
    close(root);
  }
  close(step);
}
/** The child of process 1 becomes the step: its user, its rights, nothing of the machine's. */
static void enter_step(Start *start) {
  if (mode == 's') dup2(must(open("/dev/null", O_RDONLY | O_CLOEXEC), "open", "/dev/null"), 0);
  if (mode != 'p' || getuid() != start->uid) {
    must(unshare(CLONE_NEWUSER), "a new user namespace", "");
    own_ids(start->uid, start->gid, 0, 0);
  }
  if (mode == 'p') return;
  // No namespaces inside of the step's: what it can ask the kernel for stays small.
  write_file(HOST_PROC, "sys/user/max_user_namespaces", "0", 1);
  for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0;) capability++;
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  must(syscall(SYS_capset, &header, none), "drop capabilities", "");
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges", "");
}
/** Reads the step's own words. A room whose process has ended by then, or that no step comes to, ends. */
static Words own_words(pid_t child) {
  uint32_t size;
  int ended = must(syscall(PIDFD_OPEN, child, 0), "watch", "the step's process");
  struct pollfd events[] = {{.fd = LINK, .events = POLLIN}, {.fd = ended, .events = POLLIN}};
  while (poll(events, 2, -1) < 0 && errno == EINTR);
  if (events[1].revents) _exit(126);
  close(ended);
  if (recv(LINK, &size, sizeof size, MSG_WAITALL) != sizeof size) _exit(0);
  char *bytes = malloc(size + 1);
  if (!bytes) fail("memory", "");
  if (size && recv(LINK, bytes, size, MSG_WAITALL) != (ssize_t)size) _exit(0);
  return (Words){bytes, bytes + size};
}
/** Ends all other processes of the namespace: none is left, nor can one be born, when there is nothing to wait for. */
static void end_others(void) {
  if (getpid() != 1 || mode == 'p') return;
  kill(-1, SIGKILL);
  while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR);
}
static void list_overlays(Words words);

typedef struct { int status; char traces; } Ending; // what process 1 sends; traces: '-' when there are none

/** What a folder has beside its entries and what stat(2) shows, but for extended attributes: its flags. Layouts of linux/fs.h. */
typedef struct {
  int flags, is_folder;
  struct { uint32_t flags, extent, extents, project, copied, rest[2]; } more;
} Marks;

static Marks marks_of(const char *path) {
  Marks marks = {0};
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return marks;
  marks.is_folder = 1;
  ioctl(folder, _IOR('f', 1, long), &marks.flags); // FS_IOC_GETFLAGS; not all file systems have any
  ioctl(folder, _IOR('X', 31, marks.more), &marks.more); // FS_IOC_FSGETXATTR
  marks.more.extents = 0; // how many parts it lies in
  close(folder);
  return marks;
}
enum { MOST_MARKED = 16 };

/** Of the writable folders of the step's own, in order; `before`: NULL, or how they were. Whether they are so still, and have no extended attributes. */
static int are_unmarked(Words words, Marks *now, const Marks *before) {
  OwnMount own;
  for (int count = 0; next_own(&words, &own);) {
    if (!own.access || *own.access != 'w') continue;
    if (count == MOST_MARKED) return 0;
    now[count] = marks_of(own.target);
    if (!now[count].is_folder || llistxattr(own.target, NULL, 0) > 0) return 0;
    if (before && memcmp(&now[count], &before[count], sizeof *now)) return 0;
    count++;
  }
  return 1;
}

/** What a room gets from the supervisor; -1 where it gets none. */
typedef struct {
  int log, link;
  int root;    // a mount namespace in which make_root is done
  int network; // a network namespace that was another room's and is as new
} Ends;

static int keeps_descriptors; // a zygote's copies need theirs

static void end_with_supervisor(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct pollfd parent = {.fd = LIFE};
  if (poll(&parent, 1, 0) != 0) _exit(126); // it is gone already
}
static void take_ends(const Ends *ends) {
  const int each[] = {ends->log, ends->link, ends->root, ends->network};
  dup2(ends->link, LINK);
  if (mode == 's') dup2(ends->log, 1), dup2(ends->log, 2); // standard input is nothing already
  must(setns(ends->root < 0 ? MACHINE : ends->root, CLONE_NEWNS), "enter", "the root");
  if (ends->network >= 0) must(setns(ends->network, CLONE_NEWNET), "enter", "the network namespace");
  for (int i = 0; i < 4; i++)
    if (each[i] > LIFE) close(each[i]);
  if (!keeps_descriptors) syscall(CLOSE_RANGE, LIFE + 1, ~0U, 0);
}
static void make_namespaces(const Start *start, const Ends *ends) {
  int kinds = CLONE_NEWNS;
  int is_alone = *start->network == '-' && ends->network < 0;
  if (mode != 'p') kinds |= CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | (is_alone ? CLONE_NEWNET : 0);
  must(unshare(kinds), "new namespaces", "");
  if (mode != 'p' && is_alone) loopback_up();
}
/** As much of a file as there is room for, ended by NUL; empty when it can't be read. */
static void read_text(const char *path, char *text, size_t size) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? -1 : read(file, text, size - 1);
  if (file >= 0) close(file);
  text[length < 0 ? 0 : length] = 0;
}
/** The room's network namespace, when nothing in it tells that it was used: no packet was sent, no socket is left. Else -1. */
static int unused_network(const Start *start) {
  static const char none[] = "sockets: used 0\n";
  char sockets[64], interfaces[1024];
  unsigned long long bytes, packets;
  if (*start->network != '-') return -1;
  read_text("/proc/self/net/sockstat", sockets, sizeof sockets);
  read_text("/proc/self/net/dev", interfaces, sizeof interfaces);
  const char *loopback = strstr(interfaces, "lo:");
  if (strncmp(sockets, none, strlen(none)) || !loopback) return -1;
  if (sscanf(loopback, "lo: %llu %llu", &bytes, &packets) != 2 || bytes || packets) return -1;
  return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}
/** How the step has ended, and a network namespace to be used again. */
static void tell_end(Ending *ending, int network) {
  union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr aligned; } control;
  struct iovec text = {ending, sizeof *ending};
  struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1};
  if (network >= 0) {
    message.msg_control = control.bytes, message.msg_controllen = sizeof control.bytes;
    *CMSG_FIRSTHDR(&message) = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
    memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), &network, sizeof(int));
  }
  if (sendmsg(LINK, &message, MSG_NOSIGNAL) < 0) _exit(126);
}
/**
 * Process 1 of a room's namespaces: when it ends the kernel ends all others in them. Returns in the step's process alone, which has
 * everything but its own mounts; these are there when it has stopped (SIGSTOP) and been continued. LINK is process 1's.
 */
static void first_process(Words words, Start *start, const Ends *ends) {
  end_with_supervisor();
  close(LIFE);
  take_ends(ends);
  read_start(words, start);
  make_namespaces(start, ends);
  if (mode != 'p') {
    umask(022);
    must(sethostname(start->host_name, strlen(start->host_name)), "set the host name", "");
    syscall(SYS_keyctl, 1 /* join a new session keyring */, NULL);
  }
  if (ends->root < 0) make_root(start);
  if (mode != 'p') own_root();
  pid_t child = must(fork(), "start a process", "");
  if (child == 0) return enter_step(start);
  Ending ending = {.traces = '+'};
  int network = -1;
  while (waitpid(child, &ending.status, WUNTRACED) < 0 && errno == EINTR);
  if (WIFSTOPPED(ending.status)) {
    Marks before[MOST_MARKED], after[MOST_MARKED];
    Words own = own_words(child);
    mount_own(own);
    int unmarked = are_unmarked(own, before, NULL);
    kill(child, SIGCONT);
    for (pid_t ended; (ended = wait(&ending.status)) != child;)
      if (ended < 0 && errno != EINTR) _exit(126);
    end_others();
    if (mode == 's') network = unused_network(start);
    if (unmarked && are_unmarked(own, after, before)) ending.traces = '-';
    list_overlays(own);
  }
  tell_end(&ending, network);
  _exit(0);
}
// ---- what an overlay's upper layer hides: Node can't read extended attributes

static void list_opaque(FILE *list, char *path, size_t length, size_t root) {
  char value;
  if (lgetxattr(path, "user.overlay.opaque", &value, 1) == 1 && value == 'y')
    fwrite(path + root, 1, length - root + 1, list); // with its NUL
  DIR *folder = opendir(path);
  if (!folder) fail("read", path);
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    size_t more = strlen(entry->d_name);
    if (length + more + 2 > PATH_MAX * 4) errno = ENAMETOOLONG, fail("read", path);
    path[length] = '/';
    memcpy(path + length + 1, entry->d_name, more + 1);
    list_opaque(list, path, length + more + 1, root);
    path[length] = 0;
  }
  closedir(folder);
}
/**
 * Unmounts the step's overlays and writes the opaque folders of each upper layer into the file named for it: paths from the layer's root,
 * each ended by NUL.
 */
static void list_overlays(Words words) {
  static char path[PATH_MAX * 4];
  OwnMount own;
  int overlays = 0;
  for (Words all = words; next_own(&all, &own);)
    if (!own.access) overlays++, must(umount2(own.target, UMOUNT_NOFOLLOW), "unmount", own.target);
  if (overlays == 0) return;
  must(setns(MACHINE, CLONE_NEWNS), "enter", "the machine's mounts");
  while (next_own(&words, &own)) {
    if (own.access) continue;
    FILE *list = fopen(own.list, "wxe");
    if (!list) fail("write", own.list);
    size_t length = strlen(strcpy(path, own.source));
    list_opaque(list, path, length, length);
    if (fclose(list)) fail("write", own.list);
  }
}

