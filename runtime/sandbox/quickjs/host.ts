// host.ts — the part of quickjs's own modules that the runner uses; both QuickJS (from 2025-04-26) and quickjs-ng have it.

/** Its read and write positions are the operating system's. */
export interface OpenFile {
  puts(text: string): void
  flush(): void
  error(): boolean
  /** Negative: the errno. */
  close(): number
  readAsString(): string
}
export interface FileStatus {
  readonly mode: number
  readonly dev: number
  readonly ino: number
}
/** What fails gives -errno, or a pair whose second is the errno. */
interface Os {
  readonly O_RDONLY: number
  readonly O_WRONLY: number
  readonly O_CREAT: number
  readonly O_TRUNC: number
  readonly S_IFMT: number
  readonly S_IFDIR: number
  readonly S_IFREG: number
  readonly S_IFLNK: number
  readonly WNOHANG: number
  readonly SIGSTOP: number
  open(path: string, flags: number, mode?: number): number
  close(descriptor: number): number
  read(descriptor: number, buffer: ArrayBuffer, offset: number, length: number): number
  write(descriptor: number, buffer: ArrayBuffer, offset: number, length: number): number
  remove(path: string): number
  rename(from: string, to: string): number
  mkdir(path: string, mode?: number): number
  readdir(path: string): readonly [names: readonly string[], errno: number]
  stat(path: string): readonly [status: FileStatus | null, errno: number]
  lstat(path: string): readonly [status: FileStatus | null, errno: number]
  symlink(target: string, path: string): number
  readlink(path: string): readonly [target: string, errno: number]
  getcwd(): readonly [path: string, errno: number]
  exec(
    args: readonly string[],
    options: { readonly block: false; readonly cwd: string; readonly stdout: number },
  ): number
  getpid(): number
  kill(pid: number, signal: number): number
  chdir(path: string): number
  waitpid(pid: number, options: number): readonly [pid: number, status: number]
  pipe(): readonly [readEnd: number, writeEnd: number] | null
  setReadHandler(descriptor: number, handler: (() => void) | null): void
  setTimeout(run: () => void, delayMs: number): object
  clearTimeout(timer: object): void
}
interface Std {
  readonly out: OpenFile
  readonly err: OpenFile
  exit(code: number): never
  getenv(name: string): string | undefined
  unsetenv(name: string): void
  strerror(errno: number): string
  loadFile(path: string): string | null
  fdopen(descriptor: number, flags: string): OpenFile
}

// `qjs --std` sets both.
const given = globalThis as unknown as { readonly std: Std; readonly os: Os } // TypeScript knows Node's globals alone
export const std: Std = given.std
export const os: Os = given.os

/** @throws Error with the system's word for what went wrong, when `result` says that something did. */
export function checked(result: number): number {
  if (result < 0) throw new Error(reason(-result))
  return result
}

export function reason(errno: number): string {
  const text = std.strerror(errno)
  return text.charAt(0).toLowerCase() + text.slice(1)
}
