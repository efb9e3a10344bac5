// What is shown to whoever may read and not write: of URLs the host, of addresses all but the password. Whatever else may be
// secret has two words in its place, and is refused where they are written back.

/** Stands in place of what is not shown. */
export const notShown = '(not shown)';

/** Scheme and host. A space makes it no URL, so that it cannot be taken for one. */
export function shownUrl(url: string): string {
  const [origin, scheme, login, host] = /^\s*(https?):\/\/([^/?#\\]*@)?([^/?#\\@]*)/i.exec(url) ?? [];
  if (origin === undefined) return notShown;
  const isWhole = login === undefined && host !== '' && url.slice(origin.length).replace(/^\//, '') === '';
  return isWhole ? url : `${scheme}://${host} ${notShown}`;
}

/** Of addresses of numbers, among whatever words. */
export function withoutPassword(written: string): string {
  return written.replaceAll(/([?&]pass=)[^&@"\s]+/gi, `$1${notShown}`);
}

/** Whether it, or anything in it, was read by somebody who was not shown all of it. */
export function isHidden(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(notShown);
  return typeof value === 'object' && value !== null && Object.values(value).some(isHidden);
}
