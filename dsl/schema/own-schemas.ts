// own-schemas.ts — the schemas that the DSL itself needs: of a step that needs nothing, of flags, and of localFile().
import { z } from 'zod'
import { file } from './artifact.ts'

/** Input and params of a step that declares none. */
export const nothing = z.object({})

/** Of an option that is on or off. */
export const onOrOff = z.boolean()

/** What the runtime's source operation takes for one file. */
export const singleSourceParams = z.object({
  base: z.string(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  gitignore: z.boolean(),
  single: z.literal(true),
})
export const singleSourceOutput = z.object({ file: file() })
