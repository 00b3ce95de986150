/* SPDX-License-Identifier: Apache-2.0
 *
 * The last packets of a pipe as a file: D NET,ID=CNRnnnnn,TRACE=YES,FILE=.
 * Headers are all there is; each packet says how long it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snaee/flight.h"
#include "snaee/llc.h"
#include "vtamsim/msg.h"
#include "vtamsim/snad_in.h"

/* An NLP's LLC header, which the recorder does not keep. */
static const uint8_t llc[LLC_LEN] = { 0xc8, 0xc8, 0x03 };

static void
put_packets(const struct snad *s, struct pcapng *f, const struct flight_pkt *k, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct flight_ent *e = &k[i].e;
		uint8_t b[LLC_LEN + FLIGHT_BYTES];
		char text[200], name[IPADDR_TEXT];

		if (k[i].local.fam == 0)
			continue;       /* its link's number was given anew */
		memcpy(b, llc, LLC_LEN);
		memcpy(b + LLC_LEN, e->b, e->n);
		pcapng_put(f, &(struct pcapng_pkt){
			.wall_us = s->oper.wall_us - (s->now.us - e->at.us),
			.from = e->dir == PCAPNG_OUT ? &k[i].local : &k[i].remote,
			.to = e->dir == PCAPNG_OUT ? &k[i].remote : &k[i].local,
			.port = (uint16_t)(12000 + e->port), .dir = e->dir,
			.iface = (uint8_t)pcapng_if(f, ipaddr_text(&k[i].local, name),
			    "local address"),
			.data = b, .len = LLC_LEN + e->len, .cut = LLC_LEN + (size_t)e->n,
			.comment = flight_text(e, text, sizeof(text)) });
	}
}

int
snad_trail(struct snad *s, const struct oper_order *o, struct con *con)
{
	const struct res *r = rtab_find(&s->node->rtab, o->id);
	struct pcapng *f = malloc(sizeof(*f));
	struct flight_pkt pkt[FLIGHT_TRAIL];
	const struct flight_kept *k;
	int rc;

	if (f == NULL) {
		msg_line(con, IST454I, "DISPLAY");
		return -1;
	}
	pcapng_init(f);
	rc = pcapng_open(f, o->text, 0);
	if (rc != 0) {
		msg_line(con, IST050I, "DISPLAY ID", o->text);
		con_text(con, "%s", strerror(-rc));
		free(f);
		return rc;
	}
	for (unsigned i = 0; i < s->node->n_ee; i++)
		if ((k = flight_kept(ee_flight(s->node->ee[i]), o->id)) != NULL)
			put_packets(s, f, k->pkt, k->n);
	if (r != NULL && r->type == RES_RTP && r->pipe->rtp != NULL)
		put_packets(s, f, pkt, flight_trail(ee_flight(r->pipe->ee),
		    ee_pipe_last(r->pipe->rtp), pkt));
	con_text(con, "%" PRIu64 " PACKETS IN %s", f->packets, o->text);
	pcapng_close(f);
	free(f);
	return 0;
}
