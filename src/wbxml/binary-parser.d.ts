// The part of binary-parser that is used here: its own declarations do not resolve from an ES module (2.3.0).

declare module 'binary-parser' {
  // What a shape has read so far, by field name; each shape knows the types of its own fields. Functions get it as
  // `this`: the argument is the outermost shape's.
  type Read = never;

  export class Parser {
    uint8(name: string): this;
    saveOffset(name: string): this;
    buffer(name: string, options: { length: (this: Read) => number } | { readUntil: (octet: number) => boolean }): this;
    nest(options: { type: Parser }): this;
    nest(name: string, options: { type: Parser; formatter?: (read: Read) => unknown }): this;
    choice(options: {
      tag: string | ((this: Read) => number);
      choices: Readonly<Record<number, Parser>>;
      defaultChoice?: Parser;
    }): this;
    parse(octets: Uint8Array): unknown;
  }
}
