// confine.c — runs one command under Landlock and a seccomp filter, and ends with all that the command has started.
// Knows nothing of steps: what may be reached is told in a file. The reasons: docs/design/sandbox.md.
//
//   tenon-confine <parent's process id> <network: + or -> <rules> <command> <argument>…
//
// Rules are words ended by NUL, an access and an absolute path: r read and execute, w all, d a device,
// l list folders, v each file of this view where the machine has it: read and execute.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __x86_64__
#define MACHINE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined __riscv && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#else
#error the system calls of this machine are not known here
#endif

// Kernel interfaces that the headers of an older distribution do not name; the numbers are the same on all machines.
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446, CLOSE_RANGE = 436, IO_URING_SETUP = 425 };
enum { EXECUTE = 1 << 0, WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_DIR = 1 << 3, MAKE_CHAR = 1 << 6,
       MAKE_BLOCK = 1 << 11, TRUNCATE = 1 << 14, IOCTL_DEV = 1 << 15 };
enum { READ = EXECUTE | READ_FILE | READ_DIR, UNTIL_TRUNCATE = (1 << 15) - 1,
       OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV };
enum { SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 3 };
struct ruleset { uint64_t files, network, scope; };
struct __attribute__((packed)) beneath { uint64_t access; int32_t parent; };

static uint64_t handled;
static int ruleset;

static void fail(const char *what, const char *name) {
  dprintf(2, "tenon-confine: %s%s%s: %s\n", what, *name ? " " : "", name, strerror(errno));
  _exit(126);
}
static int must(long result, const char *what, const char *name) {
  if (result < 0) fail(what, name);
  return (int)result;
}

// ---- what may be reached

/** What is not there can't be reached either. Folders only where the access is to all that is below them. */
static void allow(int folder, const char *path, uint64_t access) {
  int file = openat(folder, path, O_PATH | O_CLOEXEC);
  if (file < 0 && (errno == ENOENT || errno == EACCES)) return;
  struct stat found;
  must(fstat(must(file, "open", path), &found), "look at", path);
  struct beneath rule = {access & handled & (S_ISDIR(found.st_mode) ? ~0ULL : OF_FILES), file};
  if (rule.access) must(syscall(ADD_RULE, ruleset, 1, &rule, 0), "a rule for", path);
  close(file);
}
/** Folders of a view are the machine's too, with more in them: its files alone are allowed, one by one. */
static void allow_view(int view, int machine) {
  DIR *entries = fdopendir(must(view, "read", "a view"));
  if (!entries) fail("read", "a view");
  enum { FOLDER = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
  for (struct dirent *entry; (entry = readdir(entries));) {
    const char *name = entry->d_name;
    if (entry->d_type == DT_REG) allow(machine, name, EXECUTE | READ_FILE);
    if (entry->d_type != DT_DIR || !strcmp(name, ".") || !strcmp(name, "..")) continue;
    int folder = openat(machine, name, FOLDER);
    if (folder >= 0) allow_view(openat(view, name, FOLDER | O_NOFOLLOW), folder);
  }
  closedir(entries);
  close(machine);
}
static void allow_all(const char *rules) {
  static char words[1 << 22];
  int file = must(open(rules, O_RDONLY | O_CLOEXEC), "open", rules);
  size_t used = 0;
  for (ssize_t got; (got = must(read(file, words + used, sizeof words - used), "read", rules)) > 0;) used += (size_t)got;
  close(file);
  if (used == sizeof words || (used && words[used - 1])) errno = E2BIG, fail("read", rules);
  for (char *word = words; word < words + used; word += strlen(word) + 1) {
    const char *path = word + 1;
    switch (*word) {
      case 'r': allow(AT_FDCWD, path, READ); break;
      case 'w': allow(AT_FDCWD, path, ~(uint64_t)(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV)); break;
      case 'd': allow(AT_FDCWD, path, READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV); break;
      case 'l': allow(AT_FDCWD, path, READ_DIR); break;
      case 'v': allow_view(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), open("/", O_RDONLY | O_CLOEXEC)); break;
      default: errno = EPROTO, fail("the rule", word);
    }
  }
}
static void make_ruleset(const char *rules) {
  long version = syscall(CREATE_RULESET, NULL, 0, 1);
  if (version < 0) fail("Landlock", "");
  // Until its third version truncate(2) reaches every file, and until the second no file can change its folder.
  if (version < 3) errno = ENOSYS, fail("Landlock", "has no say on truncation here");
  handled = UNTIL_TRUNCATE | (version >= 5 ? IOCTL_DEV : 0);
  struct ruleset wanted = {handled, 0, version >= 6 ? SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS : 0};
  size_t size = version >= 6 ? sizeof wanted : version >= 4 ? 16 : 8;
  ruleset = must(syscall(CREATE_RULESET, &wanted, size, 0), "Landlock", "");
  allow_all(rules);
  for (int stream = 0; stream < 3; stream++) { // so that /dev/stderr can be opened; nothing to do for nameless pipes
    struct beneath rule = {(READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV) & handled, stream};
    syscall(ADD_RULE, ruleset, 1, &rule, 0);
  }
}

// ---- what may be asked of the kernel

#define FIELD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)
#define REFUSE(error) ANSWER(SECCOMP_RET_ERRNO | (error))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define REFUSE_CALL(number) UNLESS(number, 1), REFUSE(ENOSYS)

/** Landlock says nothing of sockets but TCP's, and nothing of what is shared by a number or a key instead of a path. */
static void filter_calls(int network) {
  struct sock_filter code[] = {
      FIELD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0), ANSWER(SECCOMP_RET_KILL_PROCESS), FIELD(nr),
#ifdef __x86_64__
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), REFUSE(ENOSYS), // the same calls by other numbers (x32)
#endif
      REFUSE_CALL(IO_URING_SETUP), // makes sockets and more past this filter
      REFUSE_CALL(SYS_shmget), REFUSE_CALL(SYS_semget), REFUSE_CALL(SYS_msgget), REFUSE_CALL(SYS_mq_open),
      REFUSE_CALL(SYS_add_key), REFUSE_CALL(SYS_request_key), REFUSE_CALL(SYS_keyctl),
      // A pair of datagram sockets could be connected elsewhere.
      UNLESS(SYS_socketpair, 5), FIELD(args[1]), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 15), UNLESS(SOCK_STREAM, 1),
      ANSWER(SECCOMP_RET_ALLOW), REFUSE(EACCES),
      UNLESS(SYS_socket, 10), FIELD(args[0]), // families are small numbers, and the kernel reads 32 bits of them
      UNLESS(network ? AF_INET : -1, 1), ANSWER(SECCOMP_RET_ALLOW),
      UNLESS(network ? AF_INET6 : -1, 1), ANSWER(SECCOMP_RET_ALLOW),
      UNLESS(network ? AF_NETLINK : -1, 3), FIELD(args[2]), UNLESS(NETLINK_ROUTE, 1), ANSWER(SECCOMP_RET_ALLOW),
      REFUSE(EACCES),
      ANSWER(SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0), "a seccomp filter", "");
}

// ---- the command

static void become_command(pid_t parent, int network, char **command) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
  for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0;) capability++; // where we may
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct no_rights[2] = {{0, 0, 0}, {0, 0, 0}};
  must(syscall(SYS_capset, &header, no_rights), "drop capabilities", "");
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges", "");
  must(syscall(RESTRICT_SELF, ruleset, 0), "Landlock", "");
  must(syscall(CLOSE_RANGE, 3, ~0U, 0), "close descriptors", "");
  filter_calls(network);
  execv(command[0], command);
  fail("run", command[0]);
}

/** Orphans become children of this process, so whatever a descendant does, there is a child to kill until none is left. */
static void kill_children(int list) {
  char text[1 << 16];
  ssize_t got = pread(list, text, sizeof text - 1, 0);
  if (got <= 0) return;
  text[got] = 0;
  for (char *at = text, *end; (end = strchr(at, ' ')); at = end + 1) kill((pid_t)strtol(at, NULL, 10), SIGKILL);
}
/** Waits for the command, kills what is left. SIGTERM, which the driver's end sends too, kills the command as well. */
static int end_of(pid_t command, int list, const sigset_t *awaited) {
  int status = 0, result = SIGKILL, is_over = 0;
  while (!is_over) {
    is_over = sigwaitinfo(awaited, NULL) == SIGTERM;
    for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;)
      if (ended == command) result = status, is_over = 1;
  }
  kill_children(list);
  for (pid_t ended; (ended = waitpid(-1, &status, 0)) > 0; kill_children(list))
    if (ended == command) result = status;
  return result;
}

int main(int count, char **arguments) {
  if (count < 5) return 2;
  pid_t self = getpid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != strtol(arguments[1], NULL, 10)) return 126;
  must(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "adopt processes", "");
  int list = must(open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC), "the kernel's list of children", "");
  sigset_t awaited;
  sigemptyset(&awaited), sigaddset(&awaited, SIGTERM), sigaddset(&awaited, SIGCHLD);
  sigprocmask(SIG_SETMASK, &awaited, NULL);
  signal(SIGINT, SIG_IGN), signal(SIGQUIT, SIG_IGN); // Ctrl-C is for the command
  make_ruleset(arguments[3]);
  pid_t command = must(fork(), "start a process", "");
  if (command == 0) become_command(self, *arguments[2] == '+', arguments + 4);
  close(ruleset);
  int status = end_of(command, list, &awaited);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
