// Flags that may be given several times.

/** As a parser of commander, which has `true` there until the first value is given where a flag has a `--no-` form. */
export function collect(value: string, before: unknown): readonly string[] {
  return [...(Array.isArray(before) ? (before as string[]) : []), value];
}
