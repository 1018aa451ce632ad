// libxml2: JUnit XML and its schema; only Verification/Reports calls it.
//
// The order matters: Debian's encoding.h pulls the system's ICU in, which does not agree with the ICU inside Foundation.
// Only pointers to libxml2's encoder structures are held, so leaving ICU out is safe.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlwriter.h>

// xmlFree is a global function pointer, which Swift 6 refuses to read.
static inline void shim_xml_free(void *pointer) { xmlFree(pointer); }

// A global pointer, which Swift 6 refuses to read; the version as digits, such as 20914.
static inline const char *shim_xml_version(void) { return xmlParserVersion; }
