/* SPDX-License-Identifier: Apache-2.0 */
/* Linked with one room whole and the rooms on its left: proves the layers. */
int
main(void)
{
	return 0;
}
