/* SPDX-License-Identifier: Apache-2.0
 *
 * May this BIND be taken? A client drops an image it can't show without a word,
 * and then all data (tn3270e 9.1); one that gets no image writes on the screens
 * its type has, whatever BIND says. So a BIND whose sizes the client can't keep
 * is refused, with sense 08210000 (our choice, sna-sessions 4.3).
 */
#include "snaee/bind.h"
#include "snaee/sense.h"
#include "tn3270e/tnlu_parts.h"

static uint32_t
check_type(const struct tnlu_env *e, const struct tndev *d, unsigned type)
{
	bool is_e = e->neg->mode == TNMODE_E;

	switch (d == NULL ? 0 : d->class) {
	case TNDEV_PRINTER:             /* RFC 2355 10.1, 10.2 */
		if (type == 1)
			return !is_e || tnneg_agreed(e->neg, TNF_SCS_CTL_CODES) ? 0 :
			    SENSE_BAD_PARAMETERS;
		if (type == 3)
			return !is_e || tnneg_agreed(e->neg, TNF_DATA_STREAM_CTL) ? 0 :
			    SENSE_BAD_PARAMETERS;
		return SENSE_BAD_PARAMETERS;
	case TNDEV_LINE:
		return type <= 1 ? 0 : SENSE_BAD_PARAMETERS;
	default:
		return type == 0 || type == 2 ? 0 : SENSE_BAD_PARAMETERS;
	}
}

static bool
is_24x80(unsigned rows, unsigned cols)
{
	return (rows == 0 && cols == 0) || (rows == 24 && cols == 80);
}

/* IBM-DYNAMIC has the sizes its Query Reply tells: BIND says so (code 03), or
 * stays with 24 by 80 (RFC 2355 7.1). */
static bool
fits_dynamic(const struct bind_screen *s)
{
	return s->query || (is_24x80(s->rows, s->cols) && is_24x80(s->alt_rows, s->alt_cols));
}

/* Without an image, Erase/Write shows 24 by 80 and Erase/Write Alternate what the
 * type has; fewer rows of it are all right, other columns are not. */
static bool
fits_deaf(const struct tndev *d, const struct bind_screen *s)
{
	if (!is_24x80(s->rows, s->cols))
		return false;
	return s->query || is_24x80(s->alt_rows, s->alt_cols) ||
	    (s->alt_cols == d->cols && s->alt_rows <= d->rows);
}

static bool
fits(const struct tnlu_env *e, const struct tndev *d, const struct bind_screen *s)
{
	if (d == NULL || d->class != TNDEV_DISPLAY)
		return true;
	if (!tndev_fits(d, s))
		return false;
	if (d->dynamic)
		return fits_dynamic(s);
	return tnneg_agreed(e->neg, TNF_BIND_IMAGE) || fits_deaf(d, s);
}

uint32_t
lu_check_bind(const struct tnlu_env *e, const struct bind *b, struct bind_screen *bad)
{
	const struct tndev *d = tndev_at(e->neg->device);
	struct bind_screen s = bind_screen(b);
	uint32_t sense = bind_check_lu(b);
	unsigned type = bind_lu_type(b);

	*bad = (struct bind_screen){ .rows = 0 };
	if (sense == 0)
		sense = check_type(e, d, type);
	/* Terminals of FM profile 2 are 3270s without SNA: sna-sessions 4.2. */
	if (sense != 0 || (type != 2 && (type != 0 || b->fm != 2)) || fits(e, d, &s))
		return sense;
	*bad = s;
	return SENSE_BAD_PARAMETERS;
}
