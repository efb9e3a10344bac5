// Asks the SAN parser of libsynthesis, which SyncEvolution wakes its phones with, what it makes of a notification.
//
//   san-check 2 HEX SERVER PASSWORD NONCE    OMA DS 1.2: what it reads, and whether the digest is right
//   san-check 1 HEX                          the alert of SyncML 1.1

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>
#include <synthesis/san.h>

using namespace sysync;

// The library wants to be told how to print.
extern "C" int SySync_ConsolePrintf(FILE *file, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int written = vfprintf(file, format, arguments);
  va_end(arguments);
  return written;
}

static std::vector<unsigned char> octets(const char *digits) {
  std::vector<unsigned char> read;
  for (; digits[0] && digits[1]; digits += 2) read.push_back(strtol(std::string(digits, 2).c_str(), nullptr, 16));
  return read;
}

int main(int count, char **words) {
  if (count < 3) return 2;
  std::vector<unsigned char> message = octets(words[2]);
  SanPackage package;
  if (package.PassSan(message.data(), message.size(), atoi(words[1])) != 0) return 1;
  if (package.GetHeader() != 0) return 1;
  printf("version %u\n", (unsigned)package.fProtocolVersion);
  printf("ui %d initiator %d session %u\n", (int)package.fUI_Mode, (int)package.fInitiator, (unsigned)package.fSessionID);
  printf("server %s\n", package.fServerID.c_str());
  for (int n = 1; n <= package.fNSync; n++) {
    int type;
    uInt32 contentType;
    std::string uri;
    if (package.GetNthSync(n, type, contentType, uri) != 0) return 1;
    printf("sync %d 0x%x %s\n", type, (unsigned)contentType, uri.c_str());
  }
  if (count < 6) return 0;
  package.CreateDigest(words[3], words[4], words[5], message.data(), message.size());
  printf("digest %s\n", package.DigestOK(message.data()) ? "right" : "wrong");
  return 0;
}
