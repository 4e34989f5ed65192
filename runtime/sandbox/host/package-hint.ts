// package-hint.ts — which Debian package brings a command of another name.

const PACKAGES = new Map(
  `cc gcc, c++ g++, ld binutils, as binutils, ar binutils, ranlib binutils, strip binutils, nm binutils, objcopy binutils,
objdump binutils, readelf binutils, pkg-config pkgconf, xz xz-utils, ninja ninja-build, python python3, awk mawk,
cmp diffutils, diff diffutils, find findutils, xargs findutils, go golang-go, javac default-jdk-headless,
java default-jre-headless, msgfmt gettext, makeinfo texinfo, clang++ clang, ld.lld lld, rg ripgrep, fd fd-find,
ps procps, ip iproute2, ifconfig net-tools, ssh openssh-client, protoc protobuf-compiler`
    .split(/,\s+/)
    .map((pair): [string, string] => [pair.split(' ')[0] ?? '', pair.split(' ')[1] ?? '']),
)

export function packageOfCommand(command: string): string {
  return PACKAGES.get(command) ?? command
}
