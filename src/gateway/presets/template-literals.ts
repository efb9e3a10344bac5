// Values of a preset's parameters inside templates, such that no character of theirs is read as template, URL, form or JSON.

/** For a query or a form: a percent sign is an escape there, never the beginning of a variable. */
export function inQuery(value: string | undefined): string {
  const escaped = encodeURIComponent(value ?? '');
  return escaped.replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Between the quotes of a JSON string. RFC 8259 7 Strings */
export function inJson(value: string | undefined): string {
  return JSON.stringify(value ?? '')
    .slice(1, -1)
    .replaceAll('%', '\\u0025');
}

/** RFC 7617 2 The 'Basic' Authentication Scheme */
export function basicAuthorization(name: string | undefined, password: string | undefined): string {
  return `Basic ${Buffer.from(`${name ?? ''}:${password ?? ''}`, 'utf8').toString('base64')}`;
}

/** An address that the administrator gives whole, without the slash at its end. */
export function withoutSlash(address: string | undefined): string {
  return (address ?? '').replace(/\/+$/, '');
}
