/* SPDX-License-Identifier: Apache-2.0
 *
 * profile_check.h - a profile beside the definitions it is to be used with: --check.
 *
 * An LU that no APPL statement covers, a logon mode that no table has: each is
 * noticed otherwise by the first client that gets it.
 *
 * Takes:   a profile without errors; the definition library, from its start list on.
 * Gives:   warnings with the profile's line.
 * Memory:  malloc; off the data path.
 */
#ifndef TN3270E_PROFILE_CHECK_H
#define TN3270E_PROFILE_CHECK_H

#include "tn3270e/profile.h"
#include "vtamsim/defs.h"

void     profile_check(const struct profile *, struct defs *, struct tnp_errs *);

#endif
