/* SPDX-License-Identifier: Apache-2.0
 *
 * rtime.h - response times of a client by the model of RFC 2562.
 *
 * A transaction begins when a record of the client comes in (D), its answer
 * goes to the client (E), and the client says that it has it (F), by the
 * definite response it was asked for or by TIMING-MARK. Total = F - D, the
 * network's part = F - E. Without F (NOINCLUDEIP, or a client that answers
 * nothing) the total is E - D and there is no network's part.
 *
 * Takes:   the three moments.
 * Gives:   sums, squares, five buckets, a sliding average.
 * Units:   microseconds; squares of milliseconds.
 * Memory:  what the structs say; nothing is allocated.
 * Thread:  its owner's; sums are added up elsewhere by copy.
 * Source:  RFC 2562 sections 3.1, 3.2, 3.4; companion zos-telnet-server 4.5, 13.
 */
#ifndef TN3270E_RTIME_H
#define TN3270E_RTIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

#define RTIME_BUCKETS 5
#define RTIME_SLOTS 15          /* AVGSAMPMULTIPLIER at most: our choice, a client has them all */
#define RTIME_LATE_S 60         /* no answer by then: not a transaction any more (our choice) */

struct rtime_conf {
	uint8_t average, buckets;       /* AVERAGE, BUCKETS */
	uint8_t include_ip;             /* INCLUDEIP: wait for F */
	uint8_t dynamic_dr;             /* DYNAMICDR: ask for definite responses */
	uint32_t period_s, multiplier;  /* AVGSAMPPERIOD, AVGSAMPMULTIPLIER */
	uint32_t bound_ms[RTIME_BUCKETS - 1];
};

/* Of all transactions so far. */
struct rtime_sum {
	uint64_t n, n_ip;               /* transactions; those with a network's part */
	uint64_t total_us, ip_us;
	uint64_t total_sq, ip_sq;       /* squares of milliseconds */
	uint64_t bucket[RTIME_BUCKETS];
	uint64_t late;                  /* without an answer */
	uint64_t by_dr, by_tm;          /* how F was had */
};

/* The last periods of the sliding average. */
struct rtime_slot {
	uint32_t n, n_ip;
	uint64_t total_us, ip_us;
};

struct rtime_window {
	struct rtime_slot slot[RTIME_SLOTS];
	int64_t period;                 /* number of the newest, from 0 */
	uint8_t at;                     /* its place */
};

enum rtime_phase { RT_IDLE, RT_HOST, RT_CLIENT };       /* waits for nothing, for E, for F */
enum rtime_by { RT_BY_NONE, RT_BY_DR, RT_BY_TM };       /* how the client says F */

struct rtime {
	uint8_t phase;                  /* enum rtime_phase */
	uint8_t by;                     /* enum rtime_by: what F is awaited from */
	uint16_t seq;                   /* of the record that asked for the response */
	struct mono d, e;
	struct rtime_sum sum;
	struct rtime_window win;
};

/* D: a record of the client. Only the first counts until it is answered. */
void     rtime_input(struct rtime *, const struct rtime_conf *, struct mono now);
/* E: the host's answer is on its way to the client; by says how F is asked for. True:
 * a transaction has ended here. */
bool     rtime_output(struct rtime *, const struct rtime_conf *, enum rtime_by, struct mono now);
/* F. True: a transaction has ended. */
bool     rtime_answer(struct rtime *, const struct rtime_conf *, enum rtime_by, struct mono now);
/* The session has ended: what is under way does not count. */
void     rtime_reset(struct rtime *);
/* A transaction as the calls above report it, for the sums of groups: total and network. */
struct rtime_one {
	uint64_t total_us, ip_us;
	uint8_t by;                     /* RT_BY_NONE: no network's part */
};
struct rtime_one rtime_last(const struct rtime *, struct mono now);
void     rtime_add(struct rtime_sum *, const struct rtime_conf *, const struct rtime_one *);
void     rtime_merge(struct rtime_sum *, const struct rtime_sum *);

/* The sliding window: periods count from 0 on the clock given. */
void     rtime_slide(struct rtime_window *, const struct rtime_conf *, const struct rtime_one *,
             struct mono now);
struct rtime_slot rtime_sliding(const struct rtime_window *, const struct rtime_conf *,
             struct mono now);

/* Milliseconds; 0 where there were none. */
uint64_t rtime_avg_ms(uint64_t sum_us, uint64_t n);
uint64_t rtime_deviation_ms(uint64_t sum_us, uint64_t squares, uint64_t n);

#endif
