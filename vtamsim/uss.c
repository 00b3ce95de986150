/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a user types before a session: LOGON APPLID(TSODEMO), or the short words
 * a site's USS table gives for it. A USSCMD maps the word to a VTAM command, its
 * USSPARMs map positional values and keywords to the command's, with defaults.
 *
 * FORMAT=PL1 reads KEYWORD(value), FORMAT=BAL reads KEYWORD=value; we take
 * either in both (our choice: no table gets another meaning by it), blanks and
 * commas separate.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/uss_in.h"

#define INSERT_MAX 40           /* of what a user typed, shown back */
#define ENTERED_MAX 16

static const struct usscmd cmd_undial = { .cmd = "UNDIAL", .rep = "UNDIAL", .pl1 = 1 };
static struct usscmd const cmd_ibmtest = { .cmd = "IBMTEST", .rep = "IBMTEST", .nparm = 2,
	.parm = { { "P1", "P1", "10", NULL },
	{ "P2", "P2", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", NULL } } };
static struct usscmd const cmd_logoff = { .cmd = "LOGOFF", .rep = "LOGOFF", .pl1 = 1, .nparm = 4,
	.parm = { { "P1", "APPLID", NULL, NULL }, { "APPLID", "APPLID", NULL, NULL },
	{ "TYPE", "TYPE", "UNCOND", NULL }, { "HOLD", "HOLD", "YES", NULL } } };
static struct usscmd const cmd_logon = { .cmd = "LOGON", .rep = "LOGON", .pl1 = 1, .nparm = 5,
	.parm = { { "P1", "APPLID", NULL, NULL }, { "APPLID", "APPLID", NULL, NULL },
	{ "LOGMODE", "LOGMODE", NULL, NULL }, { "MODE", "LOGMODE", NULL, NULL },
	{ "DATA", "DATA", NULL, NULL } } };
static const struct usscmd *const cmd_builtin[] = { &cmd_logon, &cmd_logoff, &cmd_ibmtest,
	&cmd_undial, NULL };

/* Companion sna-sessions 5.4. Messages 0 and 10 are the site's. */
static const struct usstab istincdt = { .name = "ISTINCDT", .datefrm = "MDY", .datedlm = '/',
	.timedlm = ':', .msg = {
	[1] = { .have = 1, .text = "INVALID % COMMAND SYNTAX" },
	[2] = { .have = 1, .text = "% COMMAND UNRECOGNIZED" },
	[3] = { .have = 1, .text = "% PARAMETER EXTRANEOUS" },
	[4] = { .have = 1, .text = "% PARAMETER VALUE %(2) NOT VALID" },
	[5] = { .have = 1, .text = "UNSUPPORTED FUNCTION" },
	[6] = { .have = 1, .text = "SEQUENCE ERROR" },
	[7] = { .have = 1,
	    .text = "%(1) UNABLE TO ESTABLISH SESSION - %(2) FAILED WITH SENSE %(3)" },
	[8] = { .have = 1, .text = "INSUFFICIENT STORAGE" },
	[9] = { .have = 1, .text = "MAGNETIC CARD DATA ERROR" },
	[11] = { .have = 1, .text = "% SESSIONS ENDED" },
	[12] = { .have = 1, .text = "REQUIRED PARAMETER OMITTED" },
	[13] = { .have = 1, .text = "IBMECHO %" },
	[14] = { .have = 1, .text = "USS MESSAGE % NOT DEFINED" } } };

const struct usstab *
usstab_builtin(void)
{
	return &istincdt;
}

uint8_t
uss_upper(const struct usstab *t, uint8_t b)
{
	unsigned char c;

	if (t != NULL && t->upper != NULL)
		return t->upper[b];
	if (b < 0x40 || b == 0xff)
		return 0x40;
	c = asc_from(b);
	return c >= 'a' && c <= 'z' ? ebc_from((unsigned char)(c - 'a' + 'A')) : b;
}

/* One parameter as typed. */
struct entered {
	const char *key;        /* "" positional */
	const char *value;      /* NULL: the keyword stood alone */
	uint8_t used;
};

struct parse {
	char text[USS_INPUT_MAX + 1];   /* ASCII, translated */
	char word[2 * USS_INPUT_MAX + 2 * ENTERED_MAX + 16];    /* copies, NUL behind each */
	size_t i, n, w;
	char verb[USS_INPUT_MAX + 1];
	struct entered v[ENTERED_MAX];
	unsigned nv;
	struct uss_cmd *cmd;
};

static bool
error(struct parse *p, unsigned msg, const char *a, const char *b)
{
	p->cmd->verb = USS_V_ERROR;
	p->cmd->msg = msg;
	(void)snprintf(p->cmd->insert[0], sizeof(p->cmd->insert[0]), "%.*s", INSERT_MAX, a);
	(void)snprintf(p->cmd->insert[1], sizeof(p->cmd->insert[1]), "%.*s", INSERT_MAX, b);
	return false;
}

static bool
is_sep(char c)
{
	return c == ' ' || c == ',';
}

static char
at(const struct parse *p)
{
	return p->i < p->n ? p->text[p->i] : '\0';
}

/* text[from, to) as a string of its own. */
static const char *
copy(struct parse *p, size_t from, size_t to)
{
	char *s = p->word + p->w;

	if (p->w + (to - from) + 1 > sizeof(p->word))
		return "";
	memcpy(s, p->text + from, to - from);
	s[to - from] = '\0';
	p->w += to - from + 1;
	return s;
}

/* '..' with doubled quotes; p->i is on the opening one. */
static const char *
quoted(struct parse *p)
{
	char *s = p->word + p->w;

	if (p->w + (p->n - p->i) + 1 > sizeof(p->word))
		return NULL;
	for (p->i++; p->i < p->n; p->i++) {
		if (p->text[p->i] == '\'') {
			if (p->i + 1 >= p->n || p->text[p->i + 1] != '\'')
				break;
			p->i++;
		}
		p->word[p->w++] = p->text[p->i];
	}
	if (p->i >= p->n)
		return NULL;
	p->i++;
	p->word[p->w++] = '\0';
	return s;
}

/* (..) with what is nested in it; a quoted string inside may hold parentheses. */
static const char *
in_parens(struct parse *p)
{
	unsigned depth = 1;
	bool quote = false;
	size_t from = ++p->i;
	const char *s;

	if (at(p) == '\'') {
		s = quoted(p);
		if (s == NULL || at(p) != ')')
			return NULL;
		p->i++;
		return s;
	}
	for (; p->i < p->n; p->i++) {
		char c = p->text[p->i];

		if (c == '\'')
			quote = !quote;
		else if (!quote && c == '(')
			depth++;
		else if (!quote && c == ')' && --depth == 0)
			break;
	}
	if (p->i >= p->n)
		return NULL;
	p->i++;
	return copy(p, from, p->i - 1);
}

static const char *
plain(struct parse *p)
{
	size_t from = p->i;

	while (p->i < p->n && !is_sep(at(p)))
		p->i++;
	return copy(p, from, p->i);
}

/* KEY(value), KEY=value, KEY='value', value, 'value'. False: syntax. */
static bool
one_entered(struct parse *p, struct entered *e)
{
	size_t from = p->i;

	*e = (struct entered){ .key = "", .value = NULL };
	if (at(p) == '\'') {
		e->value = quoted(p);
		return e->value != NULL;
	}
	while (p->i < p->n && !is_sep(at(p)) && strchr("(=')", at(p)) == NULL)
		p->i++;
	if (at(p) == '(' && p->i > from) {
		e->key = copy(p, from, p->i);
		e->value = in_parens(p);
		return e->value != NULL;
	}
	if (at(p) == '=' && p->i > from) {
		e->key = copy(p, from, p->i);
		p->i++;
		e->value = at(p) == '\'' ? quoted(p) : at(p) == '(' ? in_parens(p) : plain(p);
		return e->value != NULL;
	}
	if (at(p) != '\0' && !is_sep(at(p))) {
		/* Something like TSO USER/A'B: taken as it is. */
		if (at(p) == '(' || at(p) == ')')
			return false;
	}
	while (p->i < p->n && !is_sep(at(p)))
		p->i++;
	e->value = copy(p, from, p->i);
	return true;
}

/* Verb and parameters out of the text. False: an error is set. */
static bool
take_apart(struct parse *p)
{
	size_t from;

	while (p->i < p->n && is_sep(at(p)))
		p->i++;
	from = p->i;
	while (p->i < p->n && !is_sep(at(p)) && at(p) != '(')
		p->i++;
	(void)snprintf(p->verb, sizeof(p->verb), "%.*s", (int)(p->i - from), p->text + from);
	for (;;) {
		while (p->i < p->n && is_sep(at(p)))
			p->i++;
		if (p->i >= p->n)
			return true;
		if (p->nv == ENTERED_MAX || !one_entered(p, &p->v[p->nv]))
			return error(p, USS_M_SYNTAX, p->verb, "");
		p->nv++;
	}
}

static const struct usscmd *
find_cmd(const struct usstab *t, enum uss_search how, const char *verb)
{
	const struct usscmd *c = t == NULL ? NULL : t->cmds;
	size_t i;

	for (; c != NULL; c = c->next)
		if (strcmp(c->cmd, verb) == 0)
			return c;
	if (t != NULL && t != &istincdt && how == USS_TABLE_ONLY)
		return NULL;
	for (i = 0; cmd_builtin[i] != NULL; i++)
		if (strcmp(cmd_builtin[i]->cmd, verb) == 0)
			return cmd_builtin[i];
	return NULL;
}

/* A command without USSPARMs has those of the VTAM command. */
static const struct usscmd *
parms_of(const struct usscmd *c)
{
	size_t i;

	for (i = 0; c->nparm == 0 && cmd_builtin[i] != NULL; i++)
		if (strcmp(cmd_builtin[i]->cmd, c->rep) == 0)
			return cmd_builtin[i];
	return c;
}

static const struct ussparm *
find_parm(const struct usscmd *c, const char *key)
{
	unsigned i;

	for (i = 0; i < c->nparm; i++)
		if (strcmp(c->parm[i].parm, key) == 0)
			return &c->parm[i];
	return NULL;
}

/* The values of the VTAM command, by its keywords. */
struct values {
	const char *applid, *logmode, *data, *type, *hold, *p1, *p2;
};

static const char **
slot(struct values *v, const char *rep)
{
	struct { const char *rep; const char **to; } s[] = { { "APPLID", &v->applid },
		{ "LOGMODE", &v->logmode }, { "MODE", &v->logmode }, { "DATA", &v->data },
		{ "TYPE", &v->type }, { "HOLD", &v->hold }, { "P1", &v->p1 }, { "P2", &v->p2 } };
	size_t i;

	for (i = 0; i < sizeof(s) / sizeof(s[0]); i++)
		if (strcmp(s[i].rep, rep) == 0)
			return s[i].to;
	return NULL;
}

/* A word alone: a keyword with VALUE=, or the next positional parameter. */
static const struct ussparm *
positional(const struct usscmd *c, const struct entered *e, unsigned *pos)
{
	const struct ussparm *p = find_parm(c, e->value);
	char key[12];

	if (p != NULL && p->value != NULL)
		return p;
	(void)snprintf(key, sizeof(key), "P%u", ++*pos);
	return find_parm(c, key);
}

static bool
map_entered(struct parse *p, const struct usscmd *c, struct values *v)
{
	unsigned i, pos = 0;

	for (i = 0; i < p->nv; i++) {
		const struct entered *e = &p->v[i];
		const struct ussparm *u = e->key[0] != '\0' ? find_parm(c, e->key) :
		    positional(c, e, &pos);
		const char **to = u == NULL ? NULL : slot(v, u->rep);
		const char *value = e->value;

		if (to == NULL)
			return error(p, USS_M_PARM, e->key[0] != '\0' ? e->key : e->value, "");
		if (e->key[0] == '\0' && u->value != NULL && strcmp(u->parm, e->value) == 0)
			value = u->value;
		if (value[0] == '\0' && u->value != NULL)
			value = u->value;
		*to = value;
	}
	for (i = 0; i < c->nparm; i++) {
		const char **to = slot(v, c->parm[i].rep);

		if (to != NULL && *to == NULL)
			*to = c->parm[i].dflt;
	}
	return true;
}

static void
put_data(struct uss_cmd *cmd, const char *s)
{
	size_t n = s == NULL ? 0 : strlen(s);

	cmd->data_len = (uint8_t)(n > USS_DATA_MAX ? USS_DATA_MAX : n);
	ebc_put(cmd->data, s == NULL ? "" : s, cmd->data_len);
}

static bool
qname_ok(const char *s)
{
	const char *dot = strchr(s, '.');

	if (dot != NULL)
		return name_valid(s, (size_t)(dot - s)) && name_valid(dot + 1, strlen(dot + 1));
	return name_valid(s, strlen(s));
}

static bool
logon(struct parse *p, const struct values *v)
{
	if (v->applid == NULL || v->applid[0] == '\0')
		return error(p, USS_M_OMITTED, "APPLID", "");
	if (!qname_ok(v->applid) || !name_set(&p->cmd->appl, v->applid))
		return error(p, USS_M_VALUE, "APPLID", v->applid);
	if (v->logmode != NULL && v->logmode[0] != '\0') {
		if (!name_valid(v->logmode, strlen(v->logmode)))
			return error(p, USS_M_VALUE, "LOGMODE", v->logmode);
		(void)text_copy(p->cmd->mode, sizeof(p->cmd->mode), v->logmode);
	}
	put_data(p->cmd, v->data);
	p->cmd->verb = USS_V_LOGON;
	return true;
}

static bool
logoff(struct parse *p, const struct values *v)
{
	const char *type = v->type == NULL ? "UNCOND" : v->type;
	const char *hold = v->hold == NULL ? "YES" : v->hold;

	if (v->applid != NULL && v->applid[0] != '\0' &&
	    (!qname_ok(v->applid) || !name_set(&p->cmd->appl, v->applid)))
		return error(p, USS_M_VALUE, "APPLID", v->applid);
	if (strcmp(type, "UNCOND") == 0)
		p->cmd->type = USS_T_UNCOND;
	else if (strcmp(type, "COND") == 0)
		p->cmd->type = USS_T_COND;
	else if (strcmp(type, "FORCE") == 0)
		p->cmd->type = USS_T_FORCE;
	else
		return error(p, USS_M_VALUE, "TYPE", type);
	if (strcmp(hold, "YES") != 0 && strcmp(hold, "NO") != 0)
		return error(p, USS_M_VALUE, "HOLD", hold);
	p->cmd->hold = hold[0] == 'Y';
	p->cmd->verb = USS_V_LOGOFF;
	return true;
}

static bool
ibmtest(struct parse *p, const struct values *v)
{
	const char *count = v->p1 == NULL ? "10" : v->p1, *s;
	unsigned long n = 0;

	for (s = count; *s >= '0' && *s <= '9' && n <= USS_ECHO_MAX; s++)
		n = n * 10 + (unsigned long)(*s - '0');
	if (s == count || *s != '\0' || n < 1 || n > USS_ECHO_MAX)
		return error(p, USS_M_VALUE, "P1", count);
	p->cmd->count = (uint32_t)n;
	put_data(p->cmd, v->p2 == NULL ? "" : v->p2);
	p->cmd->verb = USS_V_IBMTEST;
	return true;
}

static void
run(struct parse *p, const struct usscmd *c)
{
	struct values v = { .applid = NULL };

	if (!map_entered(p, parms_of(c), &v))
		return;
	if (strcmp(c->rep, "LOGON") == 0)
		(void)logon(p, &v);
	else if (strcmp(c->rep, "LOGOFF") == 0)
		(void)logoff(p, &v);
	else if (strcmp(c->rep, "IBMTEST") == 0)
		(void)ibmtest(p, &v);
	else if (strcmp(c->rep, "UNDIAL") == 0)
		p->cmd->verb = USS_V_UNDIAL;
	else
		(void)error(p, USS_M_FUNCTION, c->rep, "");
}

void
uss_parse(const struct usstab *t, enum uss_search how, const uint8_t *text, size_t n,
    struct uss_cmd *cmd)
{
	struct parse p = { .cmd = cmd };
	const struct usscmd *c;

	*cmd = (struct uss_cmd){ .verb = USS_V_EMPTY, .type = USS_T_UNCOND, .hold = 1 };
	for (p.n = 0; p.n < n && p.n < USS_INPUT_MAX; p.n++) {
		char ch = (char)asc_from(uss_upper(t, text[p.n]));

		p.text[p.n] = ch == '\0' ? ' ' : ch;
	}
	while (p.n != 0 && p.text[p.n - 1] == ' ')
		p.n--;
	if (p.n == 0)
		return;
	if (!take_apart(&p))
		return;
	if (p.verb[0] == '\0') {
		if (p.nv != 0)
			(void)error(&p, USS_M_SYNTAX, "", "");
		return;
	}
	c = find_cmd(t, how, p.verb);
	if (c == NULL)
		(void)error(&p, USS_M_UNKNOWN, p.verb, "");
	else
		run(&p, c);
}

/* AIDs without data: CLEAR, PA1-PA3, SYSREQ as a short read. */
static bool
is_short_aid(uint8_t aid)
{
	return aid == 0x6d || aid == 0x6c || aid == 0x6e || aid == 0x6b;
}

size_t
uss_input_3270(const uint8_t *rec, size_t len, uint8_t *to, size_t n)
{
	struct rd r = rd_on(rec, len);
	size_t k = 0;
	uint8_t aid = rd_u8(&r);

	rd_skip(&r, 2);                 /* cursor */
	if (r.bad || is_short_aid(aid))
		return 0;
	while (rd_left(&r) != 0 && k < n) {
		uint8_t b = rd_u8(&r);

		if (b == 0x11) {        /* SBA: the next field */
			rd_skip(&r, 2);
			if (k != 0)
				to[k++] = 0x40;
		} else if (b != 0) {
			to[k++] = b;
		}
	}
	return k;
}
