/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/simmsg.h"

#define HEAD 4                  /* FID5 nibble, stream */

static uint64_t
mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint32_t
sim_msg_len(uint32_t stream, uint32_t k, uint32_t max)
{
	uint64_t h = mix((uint64_t)stream << 32 ^ (uint64_t)k * 0x9e3779b97f4a7c15u);

	if (max & SIM_MSG_EQUAL)
		return max & ~SIM_MSG_EQUAL;
	if (max == 0 || (h % 4 != 0 && max > 200))
		max = 200;              /* most are small */
	return 8 + (uint32_t)((h >> 8) % (max - 7));
}

static uint8_t
byte_at(uint32_t stream, uint32_t k, uint32_t i)
{
	if (i < HEAD)
		return (uint8_t)(i == 0 ? 0x5c : stream >> (16 - 8 * (i - 1)));
	return (uint8_t)(mix((uint64_t)stream << 32 ^ (uint64_t)k << 12 ^ i / 8) >> (i % 8 * 8));
}

void
sim_msg_put(struct buf *b, uint32_t stream, uint32_t k, uint32_t max)
{
	uint32_t n = sim_msg_len(stream, k, max);
	uint8_t *p = buf_put(b, n);

	for (uint32_t i = 0; i < n; i++)
		p[i] = byte_at(stream, k, i);
}

bool
sim_msg_right(const struct buf *b, uint32_t stream, uint32_t k, uint32_t max)
{
	if (b->len != sim_msg_len(stream, k, max))
		return false;
	for (uint32_t i = 0; i < b->len; i++)
		if (b->p[i] != byte_at(stream, k, i))
			return false;
	return true;
}

uint32_t
sim_msg_stream(const struct buf *b)
{
	struct rd r = buf_rd(b);

	rd_skip(&r, 1);
	return (uint32_t)rd_u8(&r) << 16 | rd_u16(&r);
}
