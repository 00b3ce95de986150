/* SPDX-License-Identifier: Apache-2.0
 *
 * profile_pool.h - the LU pools a profile needs of the node.
 *
 * A group that is the same in the profile before shares its pool; a pool goes
 * with the last profile that has it.
 *
 * Thread:  SNA.
 */
#ifndef TN3270E_PROFILE_POOL_H
#define TN3270E_PROFILE_POOL_H

#include "tn3270e/profile.h"
#include "vtamsim/lupool.h"

/* before: the current profile, or NULL. False: too many groups or names; what was made
 * is to be dropped. */
bool     profile_pools_define(struct lupools *, struct profile *, const struct profile *before);
void     profile_pools_drop(struct lupools *, struct profile *);

#endif
