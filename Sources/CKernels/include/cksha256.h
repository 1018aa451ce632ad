#ifndef CKSHA256_H
#define CKSHA256_H

#include <stddef.h>
#include <stdint.h>

/// Whether the processor has instructions for SHA-256.
int ck_sha256_available(void);

/// Mixes `count` blocks of 64 bytes into the eight words of `state`; only where ck_sha256_available says so.
/// `constants` are the 64 of FIPS 180-4.
void ck_sha256_blocks(uint32_t *state, const uint32_t *constants, const uint8_t *blocks, ptrdiff_t count);

#endif
