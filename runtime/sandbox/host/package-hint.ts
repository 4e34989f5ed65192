// package-hint.ts — which Debian package brings a command that people ask for by another name.

const PACKAGES: Readonly<Record<string, string>> = {
  ...{
    cc: 'gcc',
    'c++': 'g++',
    ld: 'binutils',
    as: 'binutils',
    ar: 'binutils',
    ranlib: 'binutils',
    strip: 'binutils',
    nm: 'binutils',
  },
  ...{
    objcopy: 'binutils',
    objdump: 'binutils',
    readelf: 'binutils',
    'pkg-config': 'pkgconf',
    xz: 'xz-utils',
    bzip2: 'bzip2',
  },
  ...{
    ninja: 'ninja-build',
    python: 'python3',
    awk: 'mawk',
    cmp: 'diffutils',
    diff: 'diffutils',
    find: 'findutils',
    xargs: 'findutils',
  },
  ...{
    cargo: 'cargo',
    rustc: 'rustc',
    go: 'golang-go',
    javac: 'default-jdk-headless',
    java: 'default-jre-headless',
    msgfmt: 'gettext',
  },
  ...{
    makeinfo: 'texinfo',
    'clang++': 'clang',
    'ld.lld': 'lld',
    lld: 'lld',
    rg: 'ripgrep',
    fd: 'fd-find',
    soelim: 'groff-base',
  },
  ...{
    ps: 'procps',
    ip: 'iproute2',
    ifconfig: 'net-tools',
    ssh: 'openssh-client',
    convert: 'imagemagick',
    protoc: 'protobuf-compiler',
  },
}

export function packageOfCommand(command: string): string {
  return PACKAGES[command] ?? command
}
