// paint.ts — colour for a stream, or none. Knows nothing of what is painted.
import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'
export type Paint = (style: Style, text: string) => string

export const noPaint: Paint = (_style, text) => text

/** Colours when the stream is a terminal that has them; NO_COLOR and FORCE_COLOR decide otherwise. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream })
}
