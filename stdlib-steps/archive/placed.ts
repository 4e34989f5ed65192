// placed.ts — what an extraction has put at a path. Data only.

/** What stands at a path, by the path's text; `target` is a symbolic link's. */
export type Placed =
  | { readonly kind: 'directory' | 'file' }
  | { readonly kind: 'symlink'; readonly target: string; readonly name: string }
