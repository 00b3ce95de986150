/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "vtamsim/defs.h"

#define START "NETID=NETA,SSCPNAME=CP1,SSCPID=7\nNODETYPE=NN,CPCP=YES,IPADDR=10.1.2.3\n"

struct fx {
	char dir[64];
	struct defs *d;
	struct deferrs errs;
	char names[16][9];
	unsigned n;
};

static void
put(struct fx *f, const char *name, const char *text)
{
	char path[128];
	FILE *h;

	(void)snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	h = fopen(path, "w");
	assert_non_null(h);
	(void)fputs(text, h);
	(void)fclose(h);
	(void)text_copy(f->names[f->n++ % 16], 9, name);
}

static void
begin(struct fx *f)
{
	*f = (struct fx){ .dir = "/tmp/t_defs_XXXXXX" };
	assert_non_null(mkdtemp(f->dir));
	deferrs_init(&f->errs);
	f->d = defs_new(f->dir, NULL);
	assert_non_null(f->d);
}

static void
begin_started(struct fx *f)
{
	begin(f);
	put(f, "ATCSTR00", START);
	assert_int_equal(defs_load_start(f->d, &f->errs), 0);
}

static void
done(struct fx *f)
{
	char path[128];
	unsigned i;

	defs_free(f->d);
	deferrs_fini(&f->errs);
	for (i = 0; i < f->n && i < 16; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", f->dir, f->names[i]);
		(void)unlink(path);
	}
	(void)rmdir(f->dir);
}

static struct def_member *
load(struct fx *f, const char *name, const char *text)
{
	put(f, name, text);
	return defs_load_member(f->d, name, &f->errs);
}

static const struct deferr *
err(const struct fx *f, enum deferr_sev sev)
{
	const struct deferr *e;

	for (e = f->errs.first; e != NULL; e = e->next)
		if (e->sev == sev)
			return e;
	return NULL;
}

static void
t_start_options(void **state)
{
	struct fx f;
	const struct defs_start *s;
	const struct defs_opt *o;

	(void)state;
	begin(&f);
	put(&f, "ATCSTR00", "* NODE\nSSCPID=001,SSCPNAME=CP1,NETID=NETA,NOPROMPT\n"
	    "NODETYPE=EN,CONNTYPE=LEN,CPCP=SWITCHED,HPR=(RTP,ANR)\n"
	    "HPRPST=(30S,2M,1H,10),HPRSTALL=120,DYNLU=YES,DYNPUPFX=QD\n"
	    "IPADDR=10.45.1.1,TCPNAME=TCPIP,EEVERIFY=10\n"
	    "SUPP=WARN,MSGLEVEL=V4R1,NOTNSTAT,CONFIG=EE,DSPLYDEF=200,DSPLYMAX=100\n"
	    "IOBUF=(200,512,20,,20,41),CRPLBUF=(208,,15,F,1,16),HOSTSA=71,MAXSUBA=31\n");
	assert_int_equal(defs_load_start(f.d, &f.errs), 0);
	assert_int_equal(f.errs.count, 0);
	s = defs_start(f.d);
	assert_int_equal(s->sscpid, 1);
	assert_string_equal(s->netid, "NETA");
	assert_int_equal(s->nodetype, NODETYPE_EN);
	assert_int_equal(s->appn, 0);
	assert_int_equal(s->cpcp, CPCP_SWITCHED);
	assert_int_equal(s->hpr[1], HPR_ANR);
	assert_int_equal(s->hprpst_s[0], 30);
	assert_int_equal(s->hprpst_s[1], 120);
	assert_int_equal(s->hprpst_s[2], 3600);
	assert_int_equal(s->hprpst_s[3], 10);
	assert_int_equal(s->ipaddr.fam, 4);
	assert_int_equal(s->eeverify, 10);
	assert_string_equal(s->config, "ATCCONEE");
	assert_int_equal(s->dsplydef, 100);             /* not above DSPLYMAX */
	assert_int_equal(s->buf[5].bufsize, 512);
	assert_int_equal(s->buf[4].baseno, 208);
	assert_int_equal(s->buf[4].fixed, 1);
	assert_int_equal(s->buf[4].bufsize, 144);
	for (o = s->opts; o != NULL && strcmp(o->name, "HPRPST") != 0; o = o->next)
		;
	assert_non_null(o);
	assert_string_equal(o->value, "(30S,2M,1H,10)");
	assert_int_equal(o->origin, DO_LIST);
	assert_string_equal(o->member, "ATCSTR00");
	done(&f);
}

static void
t_start_errors(void **state)
{
	static const struct { const char *text, *id, *operand; int rc; unsigned line; } bad[] = {
		{ "NETID=A,SSCPNAME=B\n", "IST040I", "SSCPID", -EINVAL, 0 },
		{ START "HPRARBX=1\n", "IST052I", "HPRARBX", 0, 3 },
		{ START "SSCPID=70000\n", "IST043I", "SSCPID", -EINVAL, 3 },
		{ START "HPRPST=(1S,2S,3S,4S)\n", "IST043I", "HPRPST", -EINVAL, 3 },
		{ START "LIST=01\n", "IST043I", "LIST", -EINVAL, 3 },
		{ START "HOSTPU=CP1\n", "IST058I", "HOSTPU", -EINVAL, 0 },
		{ START "APBUF=(1,2)\n", "IST447I", "APBUF", 0, 3 },
		{ START "IOBUF=(200,512,,,1,1,100)\n", "IST946I", "IOBUF", 0, 3 },
		{ START "ZZBUF=(1)\n", "IST052I", "ZZBUF", 0, 3 },
		{ START "TRACE\n", "IST057I", "TRACE", 0, 3 },
		{ START "SUPP=(A\n", "IST320I", "SUPP", 0, 3 },
		{ START "IPADDR=1.2.3\n", "IST043I", "IPADDR", -EINVAL, 3 }
	};
	struct fx f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin(&f);
		put(&f, "ATCSTR00", bad[i].text);
		if (bad[i].id[3] != '3')
			assert_int_equal(defs_load_start(f.d, &f.errs), bad[i].rc);
		else
			(void)defs_load_start(f.d, &f.errs);
		assert_non_null(f.errs.first);
		assert_string_equal(f.errs.first->id, bad[i].id);
		assert_int_equal(f.errs.first->pos.line, bad[i].line);
		if (bad[i].id[3] != '3')
			assert_string_equal(f.errs.first->operand, bad[i].operand);
		done(&f);
	}
}

static void
t_start_second_list_and_operator_win(void **state)
{
	struct fx f;
	struct defs *d;

	(void)state;
	begin(&f);
	put(&f, "ATCSTR00", START "CONFIG=01,HOSTNAME=A.B\n");
	put(&f, "ATCSTRST", "CONFIG=02,TRACE,TYPE=VTAM,ID=X,TYPE=IO\n");
	d = defs_new(f.dir, "ST");
	assert_int_equal(defs_load_start(d, &f.errs), 0);
	assert_string_equal(defs_start(d)->config, "ATCCON02");
	/* HOSTNAME came after IPADDR: it counts. */
	assert_int_equal(defs_start(d)->ipaddr.fam, 0);
	assert_string_equal(defs_start(d)->hostname, "A.B");
	assert_int_equal(defs_set_option(d, "HPRSTALL=60", &f.errs), 0);
	assert_int_equal(defs_start(d)->hprstall_s, 60);
	assert_int_equal(defs_set_option(d, "HPRSTALL=X", &f.errs), -EINVAL);
	assert_int_equal(defs_set_option(d, "HPRSTALL=29", &f.errs), -EINVAL);
	assert_int_equal(defs_start(d)->hprstall_s, 60);
	assert_int_equal(defs_set_option(d, "HPRSTALL=0", &f.errs), 0);
	assert_int_equal(defs_start(d)->hprstall_s, 0);
	assert_int_equal(defs_set_option(d, "NOSUCH=1", &f.errs), -EINVAL);
	assert_int_equal(defs_set_option(d, "", &f.errs), -EINVAL);
	assert_true(defs_option_dynamic("HPRPST"));
	assert_false(defs_option_dynamic("NETID"));
	assert_false(defs_option_dynamic("NOSUCH"));
	defs_free(d);
	d = defs_new(f.dir, "ZZ");
	assert_int_equal(defs_load_start(d, &f.errs), -ENOENT);
	defs_free(d);
	done(&f);
}

static void
t_config(void **state)
{
	struct fx f;
	const struct defs_name *n;

	(void)state;
	begin_started(&f);
	assert_int_equal(defs_load_config(f.d, &n, &f.errs), -ENOENT);
	assert_null(n);
	put(&f, "ATCCON00", "* SYS1.VTAMLST\nPATH,APPLS,     remark\n         XCA1,\nSW1\n");
	assert_int_equal(defs_load_config(f.d, &n, &f.errs), 0);
	assert_string_equal(n->name, "PATH");
	assert_string_equal(n->next->next->name, "XCA1");
	assert_int_equal(n->next->next->pos.line, 3);
	assert_null(n->next->next->next->next);
	put(&f, "ATCCON00", "GOOD\n../ETC\nA=B\n");
	assert_int_equal(defs_load_config(f.d, &n, &f.errs), -EINVAL);
	assert_string_equal(n->name, "GOOD");
	assert_null(n->next);
	done(&f);
}

static void
t_member_names_cannot_leave_the_library(void **state)
{
	static const char *const bad[] = { "../ATCST", "A/B", "", "A.B", "123", "TOOLONGNAME",
	    "a b" };
	struct fx f;
	uint8_t *b;
	size_t n, i;

	(void)state;
	begin_started(&f);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(defs_read(f.dir, bad[i], &b, &n), -EINVAL);
		assert_null(b);
		assert_null(defs_load_member(f.d, bad[i], &f.errs));
	}
	assert_int_equal(f.errs.fails, i);
	assert_null(defs_load_member(f.d, "NOSUCH", &f.errs));
	done(&f);
}

static void
t_appl_defaults_and_sift_down(void **state)
{
	struct fx f;
	struct def_member *m;
	const struct def_appl *a;

	(void)state;
	begin_started(&f);
	m = load(&f, "APPLS",
	    "APPLS    VBUILD TYPE=APPL\n"
	    "TSOA01   APPL  ACBNAME=TSO,AUTH=(PASS,NVPACE,TSO),EAS=1\n"
	    "GRP      GROUP AUTH=NVPACE,EAS=1,SESSLIM=YES,                          X\n"
	    "               DLOGMOD=SNX32702,MODETAB=MYTAB\n"
	    "TCP????? APPL\n"
	    "TCPR*    APPL  DLOGMOD=SCS,MODETAB=,AUTH=(ACQ)\n"
	    "         GROUP\n"
	    "NETX.LAST APPL VPACING=0\n");
	assert_non_null(m);
	assert_int_equal(m->type, DM_APPL);
	a = m->appls;
	assert_string_equal(a->acbname, "TSO");
	assert_int_equal(a->auth, AUTH_PASS | AUTH_NVPACE | AUTH_TSO);
	assert_int_equal(a->vpacing, 7);
	assert_int_equal(a->losterm, LOSTERM_NORMAL);
	assert_int_equal(a->model, 0);
	a = a->next;
	assert_string_equal(a->h.name, "TCP?????");
	assert_string_equal(a->acbname, "TCP?????");
	assert_int_equal(a->model, 1);
	assert_int_equal(a->sesslim, 1);
	assert_string_equal(a->dlogmod, "SNX32702");
	assert_string_equal(a->modetab, "MYTAB");
	assert_string_equal(a->h.opds->key, "AUTH");    /* from the GROUP */
	a = a->next;
	assert_string_equal(a->dlogmod, "SCS");         /* the nearest wins */
	assert_string_equal(a->modetab, "");            /* KEY= : VTAM's default */
	assert_int_equal(a->auth, AUTH_ACQ);            /* lists are replaced */
	a = a->next;
	assert_string_equal(a->h.name, "LAST");
	assert_string_equal(a->h.netid, "NETX");
	assert_int_equal(a->eas, 509);                  /* the new GROUP cleared it */
	assert_int_equal(a->vpacing, 0);
	assert_null(a->next);
	def_member_free(m);
	done(&f);
}

static void
t_appl_errors(void **state)
{
	static const struct { const char *text, *reason, *operand; unsigned line; } bad[] = {
		{ "VBUILD TYPE=APPL\nA APPL AUHT=(ACQ)\n", "INVALID PARAMETER", "AUHT", 2 },
		{ "VBUILD TYPE=APPL\nA APPL EAS=70000\n", "INVALID VALUE", "EAS", 2 },
		{ "VBUILD TYPE=APPL\nA APPL AUTH=(ACQ,FOO)\n", "INVALID VALUE", "AUTH", 2 },
		{ "VBUILD TYPE=APPL\nISTFOO APPL\n", "INVALID NAME", "", 2 },
		{ "VBUILD TYPE=APPL\nA APPL\nA APPL\n", "INVALID NAME", "", 3 },
		{ "VBUILD TYPE=APPL\nM1 APPL\n", "INVALID NAME", "", 2 },
		{ "VBUILD TYPE=APPL\n1A APPL\n", "INVALID NAME", "", 2 },
		{ "VBUILD TYPE=APPL\n       APPL EAS=1\n", "MISSING NAME", "", 2 },
		{ "VBUILD TYPE=APPL\nA APPLE EAS=1\n", "INVALID MACRO", "", 2 },
		{ "VBUILD TYPE=APPL\nVBUILD TYPE=APPL\n", "MISSING NAME", "", 2 },
		{ "VBUILD TYPE=APPL\nT?? APPL ACBNAME=X?Y\n", "INVALID VALUE", "ACBNAME", 2 },
		{ "VBUILD TYPE=APPL\nG GROUP ACBNAME=X\n", "INVALID PARAMETER", "ACBNAME", 2 },
		{ "VBUILD TYPE=APPL\nA APPL EAS=1,MODETAB=(A,B)\n", "INVALID VALUE", "MODETAB", 2 },
		{ "VBUILD TYPE=FOO\n", "INVALID VALUE", "TYPE", 1 },
		{ "X PU ADDR=01\n", "MISSING MACRO", "", 1 },
		{ "* nothing\n", "MISSING MACRO", "", 0 },
		{ "VBUILD TYPE=APPL\nA APPL EAS=1,\n               AUTH=(ACQ)\n", "INVALID MACRO",
		    "", 3 }
	};
	char text[300];
	struct fx f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin_started(&f);
		/* The first statement has no name: it starts in column 2. */
		(void)snprintf(text, sizeof(text), "%s%s", bad[i].text[0] == 'V' ? " " : "",
		    bad[i].text);
		if (i == 9)
			(void)snprintf(text, sizeof(text),
			    " VBUILD TYPE=APPL\n VBUILD TYPE=APPL\n");
		assert_null(load(&f, "M1", text));
		assert_non_null(err(&f, DE_FAIL));
		assert_string_equal(err(&f, DE_FAIL)->id, "IST320I");
		assert_string_equal(err(&f, DE_FAIL)->member, "M1");
		assert_non_null(strstr(err(&f, DE_FAIL)->text, i == 9 ? "DUPLICATE MACRO" :
		    bad[i].reason));
		assert_string_equal(err(&f, DE_FAIL)->operand, bad[i].operand);
		assert_int_equal(err(&f, DE_FAIL)->pos.line, bad[i].line);
		done(&f);
	}
}

static void
t_duplicate_operand_keeps_the_first(void **state)
{
	struct fx f;
	struct def_member *m;

	(void)state;
	begin_started(&f);
	m = load(&f, "M1", " VBUILD TYPE=APPL\nA APPL EAS=5,EAS=6,STATOPT='X'\n");
	assert_non_null(m);
	assert_int_equal(m->appls->eas, 5);
	assert_string_equal(err(&f, DE_WARN)->id, "IST319I");
	assert_string_equal(err(&f, DE_WARN)->operand, "EAS");
	assert_string_equal(err(&f, DE_INFO)->operand, "STATOPT");
	def_member_free(m);
	done(&f);
}

static void
t_xca(void **state)
{
	static const uint8_t tos[5] = { 0x20, 0x40, 0x81, 0xc0, 0xc0 };
	struct fx f;
	struct def_member *m;
	const struct def_group *g;
	const struct def_line *l;

	(void)state;
	begin_started(&f);
	m = load(&f, "EEXCA",
	    "EEXCA    VBUILD TYPE=XCA\n"
	    "EEPORT   PORT  MEDIUM=HPRIP,IPPORT=12000,LIVTIME=(10,30),              X\n"
	    "               SRQTIME=20,IPTOS=(20,40,81),VNGROUP=EEG2,VNNAME=N.V\n"
	    "EEG1     GROUP DIAL=YES,AUTOGEN=(18,EL,EP),CALL=INOUT,SRQTIME=5\n"
	    "EEG2     GROUP DIAL=YES,IPADDR=FD00::1,CAPACITY=100M,EEVERIFY=NEVER,   X\n"
	    "               ANSWER=OFF\n"
	    "EEL00    LINE  CALL=OUT\n"
	    "EEP00    PU    ISTATUS=INACTIVE\n"
	    "EEL01    LINE\n");
	assert_non_null(m);
	assert_int_equal(m->port->medium, MEDIUM_HPRIP);
	assert_int_equal(m->port->livtime.max, 30);
	assert_int_equal(m->port->srqretry, 3);
	assert_memory_equal(m->port->iptos, tos, 5);
	g = m->groups;
	assert_int_equal(g->nlines, 18);
	assert_int_equal(g->srqtime, 5);                /* over the PORT's */
	assert_int_equal(g->livtime.max, 30);           /* the PORT's */
	assert_int_equal(g->ipaddr.b[0], 10);           /* the start option's */
	assert_string_equal(g->dynpupfx, "CN");
	assert_int_equal(g->tg.capacity, 0x7d);         /* 8M */
	assert_string_equal(g->lines->h.name, "EL000");
	assert_string_equal(g->lines->pu, "EP000");
	for (l = g->lines; l->next != NULL; l = l->next)
		;
	assert_string_equal(l->h.name, "EL011");
	assert_int_equal(l->call, DEF_CALL_INOUT);
	g = g->next;
	assert_int_equal(g->srqtime, 20);
	assert_int_equal(g->ipaddr.fam, 6);
	assert_int_equal(g->tg.capacity, 0x9a);
	assert_int_equal(g->eeverify, 0);
	assert_int_equal(g->nlines, 2);
	assert_int_equal(g->lines->call, DEF_CALL_OUT);
	assert_int_equal(g->lines->answer, 0);
	assert_string_equal(g->lines->pu, "EEP00");
	assert_int_equal(g->lines->pu_isactive, 0);
	assert_int_equal(g->lines->next->call, DEF_CALL_IN);
	assert_string_equal(g->lines->next->pu, "");
	def_member_free(m);
	done(&f);
}

#define PORT "P PORT MEDIUM=HPRIP\n"

static void
t_xca_errors(void **state)
{
	static const struct { const char *text, *reason, *operand; unsigned line; } bad[] = {
		{ PORT "G GROUP DIAL=NO\n", "INVALID VALUE", "DIAL", 3 },
		{ PORT "G GROUP AUTOGEN=(1,A,B)\n", "INVALID VALUE", "DIAL", 3 },
		{ PORT "G GROUP DIAL=YES,AUTOGEN=(0,A,B)\n", "INVALID VALUE", "AUTOGEN", 3 },
		{ PORT "G GROUP DIAL=YES,AUTOGEN=(4097,A,B)\n", "INVALID VALUE", "AUTOGEN", 3 },
		{ PORT "G GROUP DIAL=YES,AUTOGEN=(1,A,A)\n", "INVALID VALUE", "AUTOGEN", 3 },
		{ PORT "G GROUP DIAL=YES,AUTOGEN=(1,ABCDEF,B)\n", "INVALID VALUE", "AUTOGEN", 3 },
		{ PORT "G GROUP DIAL=YES,AUTOGEN=(2,A,B)\nL LINE\n", "SEQUENCE ERROR", "", 4 },
		{ PORT "G GROUP DIAL=YES\nX PU\n", "SEQUENCE ERROR", "", 4 },
		{ PORT PORT, "DUPLICATE MACRO", "", 3 },
		{ "G GROUP DIAL=YES\n", "SEQUENCE ERROR", "", 2 },
		{ "", "MISSING MACRO", "", 0 },
		{ "P PORT IPPORT=12000\n", "MISSING PARAMETER", "MEDIUM", 2 },
		{ "P PORT MEDIUM=HPRIP,IPPORT=65532\n", "INVALID VALUE", "IPPORT", 2 },
		{ "P PORT MEDIUM=HPRIP,LIVTIME=(30,20)\n", "INVALID VALUE", "LIVTIME", 2 },
		{ "P PORT MEDIUM=HPRIP,LIVTIME=0\n", "INVALID VALUE", "LIVTIME", 2 },
		{ "P PORT MEDIUM=HPRIP,SAPADDR=5\n", "INVALID VALUE", "SAPADDR", 2 },
		{ "P PORT MEDIUM=HPRIP,VNGROUP=X\n", "INVALID VALUE", "VNGROUP", 2 },
		{ "P PORT MEDIUM=HPRIP,DWACT=YES\n", "INVALID PARAMETER", "DWACT", 2 }
	};
	char text[300];
	struct fx f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin_started(&f);
		(void)snprintf(text, sizeof(text), " VBUILD TYPE=XCA\n%s", bad[i].text);
		assert_null(load(&f, "M1", text));
		assert_non_null(err(&f, DE_FAIL));
		assert_non_null(strstr(err(&f, DE_FAIL)->text, bad[i].reason));
		assert_string_equal(err(&f, DE_FAIL)->operand, bad[i].operand);
		assert_int_equal(err(&f, DE_FAIL)->pos.line, bad[i].line);
		done(&f);
	}
}

static void
t_xca_lan_is_read_but_not_supported(void **state)
{
	struct fx f;
	struct def_member *m;

	(void)state;
	begin_started(&f);
	m = load(&f, "LAN1", " VBUILD TYPE=XCA\nP PORT MEDIUM=CSMACD,CUADDR=E40,ADAPNO=0,TIMER=30\n"
	    "G GROUP DIAL=YES,AUTOGEN=(10,E,X)\n");
	assert_non_null(m);
	assert_int_equal(m->supported, 0);
	assert_string_equal(m->groups->lines->h.name, "E0E40000");
	def_member_free(m);
	done(&f);
}

static void
t_swnet(void **state)
{
	struct fx f;
	struct def_member *m;
	const struct def_pu *p;
	const struct def_path *h;

	(void)state;
	begin_started(&f);
	m = load(&f, "SW1",
	    "SW1      VBUILD TYPE=SWNET,MAXGRP=4,MAXNO=12\n"
	    "PU1      PU    CPNAME=CPQ2,DWACT=YES,DWINOP=YES,                       X\n"
	    "               IDBLK=05D,IDNUM=0000A,USSTAB=USSX,PACING=(3,1),ADDR=C1, X\n"
	    "               ISTATUS=INACTIVE,DISCNT=(YES,F)\n"
	    "PT2      PATH  GRPNM=G1,IPADDR=10.0.0.2,PID=2,REDIAL=FOREVER\n"
	    "PT1      PATH  GRPNM=G1,HOSTNAME=HOST.EXAMPLE.COM,PID=1,REDDELAY=5\n"
	    "LU1      LU    LOCADDR=2\n"
	    "LU2      LU    LOCADDR=3,USSTAB=,SSCPFM=USS3270,ISTATUS=ACTIVE\n"
	    "PU2      PU    NETID=NETX,CPCP=NO,CONNTYPE=LEN,CAPACITY=16M\n"
	    "         PATH  GRPNM=G1,IPADDR=10.0.0.3\n"
	    "LU3      LU    LOCADDR=0\n");
	assert_non_null(m);
	assert_int_equal(m->maxno, 12);
	p = m->pus;
	assert_string_equal(p->netid, "NETA");
	assert_int_equal(p->cpcp, 1);                   /* the start option */
	assert_int_equal(p->hpr, 1);
	assert_int_equal(p->dwact, 1);
	assert_int_equal(p->has_id, 1);
	assert_int_equal(p->idblk[0], 0x00);
	assert_int_equal(p->idblk[1], 0x5d);
	assert_int_equal(p->idnum[2], 0x0a);
	assert_int_equal(p->isactive, 0);
	assert_int_equal(p->discnt, 1);
	h = p->paths;
	assert_string_equal(h->h.name, "PT1");          /* PID order */
	assert_string_equal(h->hostname, "HOST.EXAMPLE.COM");
	assert_int_equal(h->reddelay, 5);
	assert_int_equal(h->redial, 3);
	assert_int_equal(h->next->redial, DEF_REDIAL_FOREVER);
	assert_int_equal(h->next->ipaddr.b[3], 2);
	assert_string_equal(p->lus->usstab, "USSX");    /* sifted from the PU */
	assert_int_equal(p->lus->pacing, 3);
	assert_int_equal(p->lus->isactive, 0);
	assert_string_equal(p->lus->next->usstab, "");
	assert_int_equal(p->lus->next->sscpfm, SSCPFM_USS3270);
	assert_int_equal(p->lus->next->isactive, 1);
	p = p->next;
	assert_string_equal(p->netid, "NETX");
	assert_int_equal(p->cpcp, 0);
	assert_int_equal(p->appn, 0);
	assert_int_equal(p->tg.capacity, 0x85);
	assert_int_equal(p->paths->pid, 1);
	assert_int_equal(p->lus->pacing, 1);            /* a new PU starts clean */
	def_member_free(m);
	done(&f);
}

static void
t_swnet_errors(void **state)
{
	static const struct { const char *text, *reason, *operand; unsigned line; } bad[] = {
		{ "P PU CPNAME=X,PUTYPE=1\n", "INCONSISTENT", "CPNAME", 2 },
		{ "P PU IDBLK=05D\n", "MISSING PARAMETER", "IDBLK", 2 },
		{ "P PU IDBLK=FFF,IDNUM=00001\n", "INVALID VALUE", "IDBLK", 2 },
		{ "P PU IDBLK=5D,IDNUM=00001\n", "INVALID VALUE", "IDBLK", 2 },
		{ "P PU REDIAL=3\n", "INVALID PARAMETER", "REDIAL", 2 },
		{ "P PU TGN=22\n", "INVALID VALUE", "TGN", 2 },
		{ "P PU\n PATH IPADDR=1.2.3.4\n", "MISSING PARAMETER", "GRPNM", 3 },
		{ "P PU\n PATH GRPNM=G\n", "MISSING PARAMETER", "IPADDR", 3 },
		{ "P PU\n PATH GRPNM=G,IPADDR=1.2.3.4,HOSTNAME=A\n", "CONFLICT", "HOSTNAME", 3 },
		{ "P PU\n PATH GRPNM=G,DLURNAME=X\n", "CONFLICT", "GRPNM", 3 },
		{ "P PU\n PATH GRPNM=G,IPADDR=1.2.3.4,REDIAL=255\n", "INVALID VALUE", "REDIAL", 3 },
		{ "P PU\n PATH GRPNM=G,IPADDR=1.2.3.456\n", "INVALID VALUE", "IPADDR", 3 },
		{ " PATH GRPNM=G,IPADDR=1.2.3.4\n", "SEQUENCE ERROR", "", 2 },
		{ "L LU LOCADDR=2\n", "SEQUENCE ERROR", "", 2 },
		{ "P PU\nL LU SSCPFM=FSS\n", "MISSING PARAMETER", "LOCADDR", 3 },
		{ "P PU\nL LU LOCADDR=2\nM LU LOCADDR=2\n", "INVALID VALUE", "LOCADDR", 4 },
		{ "P PU\nL LU LOCADDR=2\n PATH GRPNM=G,IPADDR=1.2.3.4\n", "SEQUENCE ERROR", "", 4 },
		{ "P PU\nL LU LOCADDR=2,SSCPFN=USSSCS\n", "INVALID PARAMETER", "SSCPFN", 3 },
		{ "P PU LOCADDR=2\n", "INVALID PARAMETER", "LOCADDR", 2 }
	};
	char text[300];
	struct fx f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin_started(&f);
		(void)snprintf(text, sizeof(text), " VBUILD TYPE=SWNET\n%s", bad[i].text);
		assert_null(load(&f, "M1", text));
		assert_non_null(err(&f, DE_FAIL));
		assert_non_null(strstr(err(&f, DE_FAIL)->text, bad[i].reason));
		assert_string_equal(err(&f, DE_FAIL)->operand, bad[i].operand);
		assert_int_equal(err(&f, DE_FAIL)->pos.line, bad[i].line);
		done(&f);
	}
}

static void
t_all_errors_of_a_member_are_told(void **state)
{
	struct fx f;
	char line[300];

	(void)state;
	begin_started(&f);
	assert_null(load(&f, "M1",
	    " VBUILD TYPE=APPL\nA APPL AUHT=X,EAS=0\nB APPLX\nC APPL DLOGMOD=1\n"));
	assert_int_equal(f.errs.fails, 4);
	assert_string_equal(deferr_line(f.errs.first, line, sizeof(line)),
	    "M1(2,8) AUHT: IST320I DEFINITION M1 NOT SUCCESSFUL - INVALID PARAMETER: "
	    "APPL has no operand of this name");
	done(&f);
}

static void
t_other_types_are_recognised(void **state)
{
	static const struct { const char *text; uint8_t type; } m[] = {
		{ " VBUILD TYPE=CDRM\nX CDRM SUBAREA=12\n", DM_CDRM },
		{ "N LBUILD\nX LOCAL CUADDR=0120\n", DM_LBUILD },
		{ " PATH DESTSA=2,ER0=(2,1)\n", DM_PATH },
		{ " VBUILD TYPE=ADJSSCP\n ADJCDRM\n", DM_ADJSSCP },
		{ "#INTER APPNCOS PRIORITY=HIGH\n LINEROW WEIGHT=30\n", DM_COS }
	};
	struct fx f;
	struct def_member *r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(m) / sizeof(m[0]); i++) {
		begin_started(&f);
		r = load(&f, "M1", m[i].text);
		assert_non_null(r);
		assert_int_equal(r->type, m[i].type);
		assert_int_equal(r->supported, 0);
		assert_string_equal(err(&f, DE_WARN)->id, "IST322I");
		def_member_free(r);
		done(&f);
	}
}

static void
t_tables_are_cached_and_forgotten(void **state)
{
	struct fx f;
	const struct modetab *t;

	(void)state;
	begin_started(&f);
	assert_ptr_equal(defs_modetab(f.d, "", &f.errs), modetab_builtin());
	assert_ptr_equal(defs_usstab(f.d, "ISTINCDT", &f.errs), usstab_builtin());
	assert_null(defs_modetab(f.d, "MT", &f.errs));
	put(&f, "MT", "MT MODETAB\n MODEENT LOGMODE=A\n MODEEND\n");
	assert_int_equal(f.errs.count, 1);
	assert_null(defs_modetab(f.d, "MT", &f.errs));
	assert_int_equal(f.errs.count, 1);              /* told once */
	defs_table_forget(f.d, NULL);
	t = defs_modetab(f.d, "MT", &f.errs);
	assert_non_null(t);
	assert_ptr_equal(defs_modetab(f.d, "MT", &f.errs), t);
	defs_table_forget(f.d, "MT");
	put(&f, "MT", "MT MODETAB\n MODEENT LOGMODE=B\n MODEEND\n");
	assert_non_null(modetab_find(defs_modetab(f.d, "MT", &f.errs), "B"));
	assert_string_equal(t->modes[0].name, "A");     /* the old one is still good */
	assert_null(defs_modetab(f.d, "../X", &f.errs));
	done(&f);
}

static void
t_check(void **state)
{
	struct fx f;

	(void)state;
	begin(&f);
	put(&f, "ATCSTR00", START);
	put(&f, "ATCCON00", "M1,M2,GONE\n");
	put(&f, "M1", " VBUILD TYPE=APPL\nA APPL DLOGMOD=NOSUCH,MODETAB=BAD\nB APPL MODETAB=BAD\n");
	put(&f, "M2", " VBUILD TYPE=SWNET\nP PU\n PATH GRPNM=G,IPADDR=1.2.3.4\n");
	put(&f, "BAD", "BAD MODETAB\n");
	/* GONE is not there; BAD has no entry and is told once. */
	assert_int_equal(defs_check(f.d, &f.errs), 2);
	assert_int_equal(f.errs.count, 2 + 2 + 1 + 1);
	done(&f);
}

static void
check_demo(const char *dir)
{
	struct defs *d = defs_new(dir, "00");
	struct deferrs errs;
	char line[300];

	deferrs_init(&errs);
	(void)defs_check(d, &errs);
	if (errs.first != NULL)
		print_message("%s\n", deferr_line(errs.first, line, sizeof(line)));
	assert_int_equal(errs.count, 0);
	if (access("config/demo/gw/vtamlst/USSDEMO", R_OK) == 0 && strstr(dir, "gw/") != NULL) {
		assert_non_null(defs_usstab(d, "USSDEMO", &errs));
		assert_non_null(defs_usstab(d, "USSDEMOS", &errs));
	}
	if (strstr(dir, "gateway") != NULL)
		assert_non_null(defs_usstab(d, "USSSITE", &errs));
	if (errs.first != NULL)
		print_message("%s\n", deferr_line(errs.first, line, sizeof(line)));
	assert_int_equal(errs.count, 0);
	defs_free(d);
	deferrs_fini(&errs);
}

/* Samples that we ship have not one word against them. */
static void
t_samples_are_clean(void **state)
{
	(void)state;
	if (access("config/demo/gw/vtamlst/ATCSTR00", R_OK) != 0)
		skip();
	check_demo("config/demo/gw/vtamlst");
	check_demo("config/demo/host/vtamlst");
	check_demo("config/gateway/vtamlst");
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_start_options),
		cmocka_unit_test(t_start_errors),
		cmocka_unit_test(t_start_second_list_and_operator_win),
		cmocka_unit_test(t_config),
		cmocka_unit_test(t_member_names_cannot_leave_the_library),
		cmocka_unit_test(t_appl_defaults_and_sift_down),
		cmocka_unit_test(t_appl_errors),
		cmocka_unit_test(t_duplicate_operand_keeps_the_first),
		cmocka_unit_test(t_xca),
		cmocka_unit_test(t_xca_errors),
		cmocka_unit_test(t_xca_lan_is_read_but_not_supported),
		cmocka_unit_test(t_swnet),
		cmocka_unit_test(t_swnet_errors),
		cmocka_unit_test(t_all_errors_of_a_member_are_told),
		cmocka_unit_test(t_other_types_are_recognised),
		cmocka_unit_test(t_tables_are_cached_and_forgotten),
		cmocka_unit_test(t_check),
		cmocka_unit_test(t_samples_are_clean),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
