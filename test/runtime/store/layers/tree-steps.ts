// tree-steps.ts — what steps do to a work tree, as scripts by the claim that each is to prove. Run by every strategy.

/** Scripts run one after the other, each as a step of its own, on what the one before left. */
export const TREE_STEPS: Readonly<Record<string, readonly string[]>> = {
  'files are changed, made and deleted': [
    'echo new >a; echo changed >dir/b; rm dir/c',
    'rm a; echo again >dir/c',
  ],
  'lower directories are renamed': ['mv dir moved', 'mv moved/sub elsewhere; mv elsewhere moved/back'],
  'directories are deleted and made again': [
    'rm -r dir; mkdir dir; echo only >dir/only',
    'rm -r dir; mkdir dir',
  ],
  'a directory is emptied, then filled': ['rm -rf dir/*; rm -rf dir/.h', 'echo x >dir/b'],
  'files and directories change places': [
    'rm a; mkdir a; echo x >a/in; rm -r dir; echo y >dir',
    'rm -r a; echo file >a; rm dir; mkdir -p dir/sub; echo z >dir/sub/deep',
  ],
  'links and directories change places': [
    'rm -r dir; ln -s a dir',
    'rm dir; mkdir dir; ln -s ../a dir/l; rm link; mkdir link',
  ],
  'hard links are two files afterwards': [
    'ln a hard; ln dir/b dir/other; echo x >>a',
    'echo y >>hard; stat -c %h a hard >counts',
  ],
  'links dangle, are absolute, lead out': [
    'ln -s /nowhere absolute; ln -s ../../outside out; ln -s missing dangling; ln -sfn dir link',
    'rm out; ln -sfn /etc absolute',
  ],
  'empty directories appear and vanish': [
    'mkdir -p e/e/e; rmdir dir/empty',
    'rmdir e/e/e; mkdir dir/empty dir/empty/one',
  ],
  'executable bits are set and cleared': [
    'chmod 755 a; chmod 644 run',
    'chmod 600 a; chmod 700 run; chmod 444 dir/b',
  ],
  'directories are made read-only': [
    'echo x >dir/in; chmod 555 dir dir/sub; chmod 000 dir/empty',
    'echo y >dir/more',
  ],
  'names are any bytes': [
    String.raw`n=$(printf '\377\376 \n x'); echo x >"$n"; mkdir "$(printf 'd\200')"; echo y >"$(printf 'd\200/\303')"`,
    String.raw`rm "$(printf '\377\376 \n x')"; mv "$(printf 'd\200')" dir/; echo z >'back\slash'; echo q >"quo'te"`,
  ],
  'only times change': ['touch a dir dir/b link', 'touch -d @5 a; touch dir'],
  'what was deleted comes back as it was': ['cp a keep; rm a', 'mv keep a'],
  'times and modes that a step finds are constants': [
    'echo x >n; chmod 600 n; mkdir m; ln -s x l; touch dir/b; chmod 700 dir',
    `find . | LC_ALL=C sort | while read -r f; do stat -c '%n %F %a %Y' "$f"; [ -d "$f" ] || stat -c %h "$f"; done >/build/seen; cp /build/seen seen`,
  ],
  'everything goes': ['rm -rf ./* ./.[!.]*', 'echo first >first'],
  'nothing happens': [':', ':'],
}

/** The tree that each case begins with. */
export const FIRST_TREE = `mkdir -p dir/sub dir/empty; echo a >a; echo b >dir/b; echo c >dir/c; echo h >dir/.h; echo s >dir/sub/s
echo '#!/bin/sh' >run; chmod 755 run; ln -s a link; ln -s ../a dir/up`
