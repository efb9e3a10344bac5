// Days as Delphi counts them: whole days since 1899-12-30. 0 stands for none.

const dayMilliseconds = 86_400_000;
const epoch = Date.UTC(1899, 11, 30);

/** Such as `2009-09-30`; `undefined` for 0 and for what is no day of four digits' years. */
export function readDelphiDate(written: string): string | undefined {
  const days = Math.floor(Number(written));
  if (!Number.isFinite(days) || days <= 0 || days > 2_958_465) return undefined;
  return new Date(epoch + days * dayMilliseconds).toISOString().slice(0, 10);
}

export function writeDelphiDate(day: string | null | undefined): string {
  return day ? String(Math.round((Date.parse(`${day}T00:00:00Z`) - epoch) / dayMilliseconds)) : '0';
}
