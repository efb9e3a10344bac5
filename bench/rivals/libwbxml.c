/*
 * Times libwbxml on one ActiveSync document: tree from WBXML, and WBXML from that tree.
 * Prints one line: version, then microseconds per decode, per encode as the library does it by itself (with a string
 * table), and per encode with all strings inline as ActiveSync wants them. Each is the median of its rounds.
 *
 *   libwbxml FILE ROUNDS ITERATIONS
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <wbxml/wbxml.h>

#define MAX_ROUNDS 100
#define TABLE_ROUNDS 5

/* Exported by the library, but Debian ships no header for the tree. */
typedef struct WBXMLTree_s WBXMLTree;
extern WBXMLError wbxml_tree_from_wbxml(WB_UTINY *wbxml, WB_ULONG length, WBXMLLanguage language,
                                        WBXMLCharsetMIBEnum charset, WBXMLTree **tree);
extern WBXMLError wbxml_tree_to_wbxml(WBXMLTree *tree, WB_UTINY **wbxml, WB_ULONG *length,
                                      WBXMLGenWBXMLParams *parameters);
extern void wbxml_tree_destroy(WBXMLTree *tree);
extern void wbxml_free(void *memory);

static void check(WBXMLError error, const char *what) {
  if (error == WBXML_OK) return;
  fprintf(stderr, "libwbxml cannot %s: %s\n", what, (const char *)wbxml_errors_string(error));
  exit(1);
}

static double now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static WBXMLTree *decode(WB_UTINY *octets, WB_ULONG length) {
  WBXMLTree *tree = NULL;
  check(wbxml_tree_from_wbxml(octets, length, WBXML_LANG_ACTIVESYNC, WBXML_CHARSET_UTF_8, &tree), "decode");
  return tree;
}

static WB_ULONG encode(WBXMLTree *tree, WBXMLGenWBXMLParams *parameters) {
  WB_UTINY *octets = NULL;
  WB_ULONG length = 0;
  check(wbxml_tree_to_wbxml(tree, &octets, &length, parameters), "encode");
  wbxml_free(octets);
  return length;
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static double median(double *values, int count) {
  qsort(values, count, sizeof *values, ascending);
  return values[count / 2];
}

static WB_UTINY *read_file(const char *path, long *length) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) || (*length = ftell(file)) < 0) return NULL;
  rewind(file);
  WB_UTINY *octets = malloc(*length);
  if (!octets || fread(octets, 1, *length, file) != (size_t)*length) return NULL;
  fclose(file);
  return octets;
}

static double time_decode(WB_UTINY *octets, WB_ULONG length, int iterations) {
  double start = now_us();
  for (int each = 0; each < iterations; each++) wbxml_tree_destroy(decode(octets, length));
  return (now_us() - start) / iterations;
}

static double time_encode(WBXMLTree *tree, WBXMLGenWBXMLParams *parameters, int iterations) {
  double start = now_us();
  for (int each = 0; each < iterations; each++) encode(tree, parameters);
  return (now_us() - start) / iterations;
}

int main(int count, char **arguments) {
  long length = 0;
  WB_UTINY *octets = count == 4 ? read_file(arguments[1], &length) : NULL;
  int rounds = count == 4 ? atoi(arguments[2]) : 0, iterations = count == 4 ? atoi(arguments[3]) : 0;
  if (!octets || rounds < 1 || rounds > MAX_ROUNDS || iterations < 1) return 2;

  WBXMLGenWBXMLParams with_inline_strings = {WBXML_VERSION_13, FALSE, FALSE, TRUE};
  WBXMLTree *tree = decode(octets, length);
  if (encode(tree, &with_inline_strings) < (WB_ULONG)length * 9 / 10) {
    fprintf(stderr, "libwbxml lost content: not the same work\n");
    return 1;
  }

  double decoding[MAX_ROUNDS], encoding[TABLE_ROUNDS], inline_encoding[MAX_ROUNDS];
  for (int round = 0; round < rounds; round++) {
    decoding[round] = time_decode(octets, length, iterations);
    inline_encoding[round] = time_encode(tree, &with_inline_strings, iterations);
  }
  /* Collecting a string table takes it some hundred milliseconds: few rounds are enough. */
  for (int round = 0; round < TABLE_ROUNDS; round++) encoding[round] = time_encode(tree, NULL, 1);
  printf("%s %.2f %.2f %.2f\n", WBXML_LIB_VERSION, median(decoding, rounds), median(encoding, TABLE_ROUNDS),
         median(inline_encoding, rounds));
  wbxml_tree_destroy(tree);
  return 0;
}
