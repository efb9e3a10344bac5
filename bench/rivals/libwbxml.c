/*
 * Times libwbxml on one ActiveSync document: tree from WBXML, and WBXML from that tree.
 * Prints one line: version, then microseconds per decode and per encode, each the median of its rounds.
 *
 *   libwbxml FILE ROUNDS ITERATIONS
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <wbxml/wbxml.h>

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

static WB_ULONG encode(WBXMLTree *tree) {
  /* No string table: the form that ActiveSync clients read, and the faster one. */
  WBXMLGenWBXMLParams parameters = {WBXML_VERSION_13, FALSE, FALSE, TRUE};
  WB_UTINY *octets = NULL;
  WB_ULONG length = 0;
  check(wbxml_tree_to_wbxml(tree, &octets, &length, &parameters), "encode");
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

int main(int count, char **arguments) {
  long length;
  WB_UTINY *octets = count == 4 ? read_file(arguments[1], &length) : NULL;
  int rounds = count == 4 ? atoi(arguments[2]) : 0, iterations = count == 4 ? atoi(arguments[3]) : 0;
  if (!octets || rounds < 1 || iterations < 1) return 2;
  double *decoding = calloc(rounds, sizeof *decoding), *encoding = calloc(rounds, sizeof *encoding);
  if (!decoding || !encoding) return 2;

  WBXMLTree *tree = decode(octets, length);
  if (encode(tree) < (WB_ULONG)length / 2) return 3; /* it lost content: not the same work */
  for (int round = 0; round < rounds; round++) {
    double start = now_us();
    for (int each = 0; each < iterations; each++) wbxml_tree_destroy(decode(octets, length));
    decoding[round] = (now_us() - start) / iterations;
  }
  for (int round = 0; round < rounds; round++) {
    double start = now_us();
    for (int each = 0; each < iterations; each++) encode(tree);
    encoding[round] = (now_us() - start) / iterations;
  }
  printf("%s %.2f %.2f\n", WBXML_LIB_VERSION, median(decoding, rounds), median(encoding, rounds));
  wbxml_tree_destroy(tree);
  return 0;
}
