// Changes to a resource as a document that looks like it.
// RFC 7396 2 Processing Merge Patch Documents

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };

/** What becomes of `target`: members of the patch replace its own, `null` takes them away, objects go deep. */
export function mergePatch<T>(target: T, patch: unknown): T {
  return merge(target as Json, patch as Json) as T;
}

/** A whole document in which `null` means that a member is not there. */
export function withoutNulls<T extends object>(document: T): { [Name in keyof T]?: Exclude<T[Name], null> } {
  return mergePatch({}, document);
}

function merge(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else if (value !== undefined) merged.set(name, merge(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
