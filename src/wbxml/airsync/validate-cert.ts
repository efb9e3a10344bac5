// The tags of code page 11.
// MS-ASWBXML 2.1.2.1.12 Code Page 11: ValidateCert

export const ValidateCert = {
  ValidateCert: 0x0b05,
  Certificates: 0x0b06,
  Certificate: 0x0b07,
  CertificateChain: 0x0b08,
  CheckCrl: 0x0b09,
  Status: 0x0b0a,
} as const;
