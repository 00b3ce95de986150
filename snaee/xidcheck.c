/* SPDX-License-Identifier: Apache-2.0
 *
 * A table of faults, most serious first: what is wrong, which sense says so, and
 * which field of the XID the partner's operator should look at. Be liberal: a
 * field that has no meaning on an EE link (SDLC's, mostly) is only held to be
 * the same in all XIDs of an exchange, not to have a certain value.
 */
#include <stdbool.h>
#include <stddef.h>

#include "snaee/sense.h"
#include "snaee/xidcheck.h"

#define NO_BIT 8
#define BTU_LEAST 99u           /* of any link; EN 265, NN 521, HPR 768 */
#define BTU_EN 265u
#define BTU_NN 521u
#define BTU_HPR 768u

struct fault {
	uint32_t sense;
	uint16_t offset;        /* of the field in the XID */
	uint8_t bit;
	bool (*is)(const struct xid *);
};

static bool
has_error(const struct xid *x)
{
	return x->has_error;
}

static bool
is_nonact(const struct xid *x)
{
	return x->state == XID_NONACT;
}

static bool
wrong_type(const struct xid *x)
{
	return x->node_type != 2 && x->node_type != 4;
}

/* CV 61's flags are not tested: their place is not known (register row 1). */
static bool
no_hpr(const struct xid *x)
{
	return !x->has_hpr;
}

static bool
no_window(const struct xid *x)
{
	return x->max_iframes == 0;
}

static bool
btu_least(const struct xid *x)
{
	return x->max_btu < BTU_LEAST;
}

static bool
btu_en(const struct xid *x)
{
	return x->max_btu < BTU_EN && !x->network_node && x->whole_bind_req;
}

/* HPR's own minimum has no code of its own: our choice. */
static bool
btu_nn(const struct xid *x)
{
	return x->max_btu < BTU_NN || x->max_btu < BTU_HPR;
}

static bool
bind_segments(const struct xid *x)
{
	return x->whole_bind_gen && !x->whole_bind_req;
}

static bool
nn_without_services(const struct xid *x)
{
	return x->network_node && x->cpcp && !x->cp_services;
}

static bool
services_without_cpcp(const struct xid *x)
{
	return x->cp_services && !x->cpcp;
}

static bool
pacing_sender_only(const struct xid *x)
{
	return x->bind_pace_send && !x->bind_pace_recv;
}

static bool
no_pacing(const struct xid *x)
{
	return (x->network_node || x->cpcp) && !x->bind_pace_recv;
}

static bool
bad_profile(const struct xid *x)
{
	return x->profile != 0;
}

static bool
bad_role(const struct xid *x)
{
	return x->role == XID_RESERVED;
}

static bool
one_way(const struct xid *x)
{
	return x->txrx == 0;
}

static bool
no_cpname(const struct xid *x)
{
	return x->cpcp && x->cpname.len == 0;
}

static const struct fault fault[] = {
	{ SENSE_XID_ERROR_CV, 0, NO_BIT, has_error },
	{ SENSE_XID_NODE_TYPE, 0, 4, wrong_type },
	{ SENSE_XID_NONACT, 9, 4, is_nonact },
	{ SENSE_XID_NO_HPR, 0, NO_BIT, no_hpr },
	{ SENSE_XID_RESERVED_ROLE, 19, 2, bad_role },
	{ SENSE_XID_WINDOW, 27, 1, no_window },
	{ SENSE_XID_BTU, 21, 1, btu_least },
	{ SENSE_XID_BTU_EN, 21, 1, btu_en },
	{ SENSE_XID_BTU_NN, 21, 1, btu_nn },
	{ SENSE_XID_BIND_SEGMENTS, 8, 2, bind_segments },
	{ SENSE_XID_NN_SERVICES, 9, 2, nn_without_services },
	{ SENSE_XID_SERVICES, 9, 2, services_without_cpcp },
	{ SENSE_XID_PACE_SENDER, 10, 1, pacing_sender_only },
	{ SENSE_XID_NO_PACING, 10, 0, no_pacing },
	{ SENSE_XID_PROFILE, 23, 0, bad_profile },
	{ SENSE_XID_TWO_WAY, 19, 6, one_way },
	{ SENSE_XID_NO_CPNAME, 9, 3, no_cpname },
};

uint32_t
xid_check(const struct xid *x)
{
	for (size_t i = 0; i < sizeof(fault) / sizeof(fault[0]); i++)
		if (fault[i].is(x))
			return fault[i].sense;
	return 0;
}

/* Exchange state indicators: a node that had them can't be without, and the other way. */
static uint32_t
state_changed(const struct xid *a, const struct xid *b)
{
	if (a->state != XID_NOT_SUPPORTED && b->state == XID_NOT_SUPPORTED)
		return SENSE_XID_STATES_STOPPED;
	if (a->state == XID_NOT_SUPPORTED && b->state != XID_NOT_SUPPORTED)
		return SENSE_XID_STATES_STARTED;
	return 0;
}

/* What prenegotiation XIDs carry of the link's definition stays: RFC 2353 section
 * 2.5.1. The TG number may move, but not one that was predefined (1-20). */
uint32_t
xid_check_next(const struct xid *a, const struct xid *b)
{
	uint32_t sense = state_changed(a, b);

	if (sense != 0)
		return sense;
	if (a->network_node != b->network_node)
		return SENSE_XID_NN_CHANGED;
	if (a->no_actpu != b->no_actpu)
		return SENSE_XID_ACTPU_CHANGED;
	if (a->abm != b->abm)
		return SENSE_XID_ABM;
	if (a->dlc_type != b->dlc_type)
		return SENSE_XID_DLC_TYPE;
	if (a->parallel_tg != b->parallel_tg)
		return SENSE_XID_PARALLEL_BIT;
	if (a->tgn >= 1 && a->tgn <= XID_TGN_PREDEFINED && b->tgn != a->tgn && b->tgn != 0)
		return SENSE_XID_TGN_CHANGED;
	return 0;
}

static const struct fault elsewhere[] = {
	{ SENSE_XID_STATES_STOPPED, 9, 4, NULL },
	{ SENSE_XID_STATES_STARTED, 9, 4, NULL },
	{ SENSE_XID_NP_NEEDED, 9, 4, NULL },
	{ SENSE_XID_PN_NEEDED, 9, 4, NULL },
	{ SENSE_NODE_TYPE, 9, 1, NULL },
	{ SENSE_XID_NN_CHANGED, 9, 1, NULL },
	{ SENSE_XID_ACTPU_CHANGED, 9, 0, NULL },
	{ SENSE_XID_ABM, 19, 1, NULL },
	{ SENSE_XID_DLC_TYPE, 17, 0, NULL },
	{ SENSE_XID_PARALLEL_BIT, 15, 0, NULL },
	{ SENSE_XID_PARALLEL_TG, 15, 0, NULL },
	{ SENSE_XID_TGN, 16, 0, NULL },
	{ SENSE_XID_TGN_CHANGED, 16, 0, NULL },
	{ SENSE_XID_TGN_CONFLICT, 16, 0, NULL },
	{ SENSE_XID_ROLE, 19, 2, NULL },
	{ SENSE_XID_EQUAL_IDS, 2, 0, NULL },
	{ SENSE_XID_FORMAT, 0, 0, NULL },
	{ SENSE_XID_LENGTH, 1, 0, NULL },
};

static bool
find(const struct fault *f, size_t n, uint32_t sense, struct xid_error *to)
{
	for (size_t i = 0; i < n; i++)
		if (f[i].sense == sense) {
			to->offset = f[i].offset;
			to->bit = f[i].bit;
			return true;
		}
	return false;
}

void
xid_where(uint32_t sense, struct xid_error *to)
{
	*to = (struct xid_error){ .bit = NO_BIT, .sense = sense };
	if (!find(fault, sizeof(fault) / sizeof(fault[0]), sense, to))
		(void)find(elsewhere, sizeof(elsewhere) / sizeof(elsewhere[0]), sense, to);
}
