/* SPDX-License-Identifier: Apache-2.0
 *
 * The state tables of data flow control. An empty cell is not allowed; dfc.c
 * knows which sense code says so.
 */
#include "snaee/dfc_fsm.h"

#define N(a) (sizeof(a) / sizeof(*(a)))         /* style: FSM_DESC makes static ones only */
#define DESC(id, nm, st, ev, ac, ce)                                            \
	const struct fsm_desc id = {                                            \
		.name = nm, .states = st, .events = ev, .actions = ac,          \
		.cells = &(ce)[0][0], .n_states = N(st), .n_events = N(ev),     \
		.n_actions = N(ac),                                             \
	}

static const char *const chain_st[] = { NULL, "BETC", "INC", "PURGE" };
static const char *const chain_ev[] = { NULL, "BC", "MC", "EC", "OC", "CANCEL", "NEG", "BAD",
	"BAD.EC" };
static const char *const chain_ac[] = { NULL, "-", "PURGE" };
static const struct fsm_cell chain_cell[N(chain_st)][N(chain_ev)] = {
	[CHS_BETC] = {
		[CHE_BC] = { CHS_INC, CHA_TAKE }, [CHE_OC] = { CHS_BETC, CHA_TAKE },
		[CHE_NEG] = { CHS_BETC, CHA_TAKE },
		[CHE_BAD] = { CHS_PURGE, CHA_PURGE }, [CHE_BAD_EC] = { CHS_BETC, CHA_PURGE },
	},
	[CHS_INC] = {
		[CHE_MC] = { CHS_INC, CHA_TAKE }, [CHE_EC] = { CHS_BETC, CHA_TAKE },
		[CHE_CANCEL] = { CHS_BETC, CHA_TAKE }, [CHE_NEG] = { CHS_PURGE, CHA_TAKE },
		[CHE_BAD] = { CHS_PURGE, CHA_PURGE }, [CHE_BAD_EC] = { CHS_BETC, CHA_PURGE },
	},
	[CHS_PURGE] = {
		[CHE_MC] = { CHS_PURGE, CHA_PURGE }, [CHE_EC] = { CHS_BETC, CHA_PURGE },
		[CHE_CANCEL] = { CHS_BETC, CHA_TAKE }, [CHE_NEG] = { CHS_PURGE, CHA_TAKE },
		[CHE_BAD] = { CHS_PURGE, CHA_PURGE }, [CHE_BAD_EC] = { CHS_BETC, CHA_PURGE },
	},
};
DESC(dfc_chain, "CHAIN", chain_st, chain_ev, chain_ac, chain_cell);

static const char *const br_st[] = { NULL, "BETB", "PEND.BID.SENT", "PEND.BID.RCVD",
	"BB.OURS", "BB.THEIRS", "PEND.BB.SENT", "PEND.INB", "INB", "PEND.TERM.SENT",
	"PEND.TERM.RCVD" };
static const char *const br_ev[] = { NULL, "S.BB.FIRST", "S.BB.BIDDER", "R.BB.FIRST",
	"R.BB.BIDDER", "S.BID", "R.BID", "S.+BID", "S.-BID", "R.+BID", "R.-BID", "CONFIRM",
	"S.EB", "S.EB.COND", "R.EB", "R.EB.COND", "S.+EB", "S.-EB", "R.+EB", "R.-EB",
	"S.UNDO", "R.UNDO" };
static const char *const br_ac[] = { NULL, "-", "RACE.LOST" };
static const struct fsm_cell br_cell[N(br_st)][N(br_ev)] = {
	[BRS_BETB] = {
		[BRE_S_BB_FIRST] = { BRS_PEND_INB, BRA_NONE },
		[BRE_S_BB_BID] = { BRS_BB_SENT, BRA_NONE },
		[BRE_R_BB_FIRST] = { BRS_INB, BRA_NONE },
		[BRE_R_BB_BID] = { BRS_INB, BRA_NONE },
		[BRE_S_BID] = { BRS_BID_SENT, BRA_NONE },
		[BRE_R_BID] = { BRS_BID_RCVD, BRA_NONE },
		[BRE_R_BID_NO] = { BRS_BETB, BRA_NONE },
		[BRE_S_UNDO] = { BRS_BETB, BRA_NONE },
		[BRE_R_UNDO] = { BRS_BETB, BRA_NONE },
	},
	[BRS_BID_SENT] = {
		[BRE_R_BID_OK] = { BRS_BB_OURS, BRA_NONE },
		[BRE_R_BID_NO] = { BRS_BETB, BRA_NONE },
		[BRE_R_BB_FIRST] = { BRS_INB, BRA_NONE },       /* the winner was faster */
		[BRE_R_UNDO] = { BRS_BID_SENT, BRA_NONE },
	},
	[BRS_BID_RCVD] = {
		[BRE_S_BID_OK] = { BRS_BB_THEIRS, BRA_NONE },
		[BRE_S_BID_NO] = { BRS_BETB, BRA_NONE },
	},
	[BRS_BB_OURS] = { [BRE_S_BB_BID] = { BRS_INB, BRA_NONE } },
	[BRS_BB_THEIRS] = { [BRE_R_BB_BID] = { BRS_INB, BRA_NONE } },
	[BRS_BB_SENT] = {
		[BRE_CONFIRM] = { BRS_INB, BRA_NONE },
		[BRE_R_BB_FIRST] = { BRS_INB, BRA_LOST },
		[BRE_R_UNDO] = { BRS_BETB, BRA_NONE },
		[BRE_S_EB] = { BRS_BETB, BRA_NONE },
		[BRE_S_EB_COND] = { BRS_TERM_SENT, BRA_NONE },
		[BRE_R_EB] = { BRS_BETB, BRA_NONE },
		[BRE_R_EB_COND] = { BRS_TERM_RCVD, BRA_NONE },
		[BRE_R_BID_NO] = { BRS_BB_SENT, BRA_NONE },
	},
	[BRS_PEND_INB] = {
		[BRE_CONFIRM] = { BRS_INB, BRA_NONE },
		[BRE_R_UNDO] = { BRS_BETB, BRA_NONE },
		[BRE_S_EB] = { BRS_BETB, BRA_NONE },
		[BRE_S_EB_COND] = { BRS_TERM_SENT, BRA_NONE },
		[BRE_R_EB] = { BRS_BETB, BRA_NONE },
		[BRE_R_EB_COND] = { BRS_TERM_RCVD, BRA_NONE },
	},
	[BRS_INB] = {
		[BRE_CONFIRM] = { BRS_INB, BRA_NONE },
		[BRE_S_EB] = { BRS_BETB, BRA_NONE },
		[BRE_S_EB_COND] = { BRS_TERM_SENT, BRA_NONE },
		[BRE_R_EB] = { BRS_BETB, BRA_NONE },
		[BRE_R_EB_COND] = { BRS_TERM_RCVD, BRA_NONE },
		[BRE_S_UNDO] = { BRS_BETB, BRA_NONE },
		[BRE_R_UNDO] = { BRS_BETB, BRA_NONE },
		[BRE_R_BID_NO] = { BRS_INB, BRA_NONE },
	},
	[BRS_TERM_SENT] = {
		[BRE_R_OK] = { BRS_BETB, BRA_NONE },
		[BRE_R_NO] = { BRS_INB, BRA_NONE },
		[BRE_R_UNDO] = { BRS_BETB, BRA_NONE },
		[BRE_R_BB_FIRST] = { BRS_INB, BRA_LOST },
		[BRE_CONFIRM] = { BRS_TERM_SENT, BRA_NONE },
	},
	[BRS_TERM_RCVD] = {
		[BRE_S_OK] = { BRS_BETB, BRA_NONE },
		[BRE_S_NO] = { BRS_INB, BRA_NONE },
		[BRE_S_UNDO] = { BRS_BETB, BRA_NONE },
	},
};
DESC(dfc_bracket, "BRACKET", br_st, br_ev, br_ac, br_cell);

static const char *const dir_st[] = { NULL, "CONT", "SEND", "RCV", "ERP", "RECOV" };
static const char *const dir_ev[] = { NULL, "S.BEGIN", "S.END", "S.CD", "R.BEGIN", "R.END",
	"R.CD", "BETB", "S.NEG", "S.NEG.RECOV", "R.NEG", "R.NEG.RECOV", "R.BEGIN.LOSER" };
static const char *const dir_ac[] = { NULL, "-", "RACE.LOST" };
static const struct fsm_cell ff_cell[N(dir_st)][N(dir_ev)] = {
	[DIS_CONT] = {
		[DIE_S_BEG] = { DIS_SEND, DIA_NONE }, [DIE_R_BEG] = { DIS_RCV, DIA_NONE },
		[DIE_S_END] = { DIS_CONT, DIA_NONE }, [DIE_R_END] = { DIS_CONT, DIA_NONE },
		[DIE_S_CD] = { DIS_CONT, DIA_NONE }, [DIE_R_CD] = { DIS_CONT, DIA_NONE },
		[DIE_BETB] = { DIS_CONT, DIA_NONE }, [DIE_S_NEG] = { DIS_CONT, DIA_NONE },
		[DIE_S_NEG_REC] = { DIS_CONT, DIA_NONE }, [DIE_R_NEG] = { DIS_CONT, DIA_NONE },
		[DIE_R_NEG_REC] = { DIS_CONT, DIA_NONE },
	},
	[DIS_SEND] = {
		[DIE_S_BEG] = { DIS_SEND, DIA_NONE }, [DIE_S_END] = { DIS_SEND, DIA_NONE },
		[DIE_S_CD] = { DIS_RCV, DIA_NONE }, [DIE_R_CD] = { DIS_SEND, DIA_NONE },
		[DIE_R_END] = { DIS_SEND, DIA_NONE }, [DIE_BETB] = { DIS_CONT, DIA_NONE },
		[DIE_S_NEG] = { DIS_ERP, DIA_NONE }, [DIE_S_NEG_REC] = { DIS_SEND, DIA_NONE },
		[DIE_R_NEG] = { DIS_RCV, DIA_NONE }, [DIE_R_NEG_REC] = { DIS_SEND, DIA_NONE },
	},
	[DIS_RCV] = {
		[DIE_R_BEG] = { DIS_RCV, DIA_NONE }, [DIE_R_END] = { DIS_RCV, DIA_NONE },
		[DIE_R_CD] = { DIS_SEND, DIA_NONE }, [DIE_S_END] = { DIS_RCV, DIA_NONE },
		[DIE_S_CD] = { DIS_RCV, DIA_NONE }, [DIE_BETB] = { DIS_CONT, DIA_NONE },
		[DIE_S_NEG] = { DIS_ERP, DIA_NONE }, [DIE_S_NEG_REC] = { DIS_RECOV, DIA_NONE },
		[DIE_R_NEG] = { DIS_RCV, DIA_NONE }, [DIE_R_NEG_REC] = { DIS_SEND, DIA_NONE },
	},
	[DIS_ERP] = {           /* the partner repairs: we may only receive */
		[DIE_R_BEG] = { DIS_RCV, DIA_NONE }, [DIE_R_END] = { DIS_ERP, DIA_NONE },
		[DIE_R_CD] = { DIS_SEND, DIA_NONE }, [DIE_S_END] = { DIS_ERP, DIA_NONE },
		[DIE_S_CD] = { DIS_ERP, DIA_NONE }, [DIE_BETB] = { DIS_CONT, DIA_NONE },
		[DIE_S_NEG] = { DIS_ERP, DIA_NONE }, [DIE_S_NEG_REC] = { DIS_RECOV, DIA_NONE },
		[DIE_R_NEG] = { DIS_RCV, DIA_NONE }, [DIE_R_NEG_REC] = { DIS_SEND, DIA_NONE },
	},
	[DIS_RECOV] = {         /* we repair, but take what was on its way */
		[DIE_S_BEG] = { DIS_SEND, DIA_NONE }, [DIE_R_BEG] = { DIS_RCV, DIA_NONE },
		[DIE_R_END] = { DIS_RECOV, DIA_NONE }, [DIE_R_CD] = { DIS_SEND, DIA_NONE },
		[DIE_S_END] = { DIS_RECOV, DIA_NONE }, [DIE_S_CD] = { DIS_RCV, DIA_NONE },
		[DIE_BETB] = { DIS_CONT, DIA_NONE }, [DIE_S_NEG] = { DIS_ERP, DIA_NONE },
		[DIE_S_NEG_REC] = { DIS_RECOV, DIA_NONE }, [DIE_R_NEG] = { DIS_RCV, DIA_NONE },
		[DIE_R_NEG_REC] = { DIS_SEND, DIA_NONE },
	},
};
DESC(dfc_flipflop, "HDX-FF", dir_st, dir_ev, dir_ac, ff_cell);

static const struct fsm_cell cont_cell[N(dir_st)][N(dir_ev)] = {
	[DIS_CONT] = {
		[DIE_S_BEG] = { DIS_SEND, DIA_NONE }, [DIE_R_BEG] = { DIS_RCV, DIA_NONE },
		[DIE_R_BEG_LOSER] = { DIS_RCV, DIA_NONE }, [DIE_S_END] = { DIS_CONT, DIA_NONE },
		[DIE_R_END] = { DIS_CONT, DIA_NONE }, [DIE_BETB] = { DIS_CONT, DIA_NONE },
		[DIE_S_CD] = { DIS_CONT, DIA_NONE }, [DIE_R_CD] = { DIS_CONT, DIA_NONE },
	},
	[DIS_SEND] = {
		[DIE_S_END] = { DIS_CONT, DIA_NONE }, [DIE_S_CD] = { DIS_CONT, DIA_NONE },
		[DIE_R_BEG_LOSER] = { DIS_RCV, DIA_LOST }, [DIE_BETB] = { DIS_CONT, DIA_NONE },
		[DIE_R_END] = { DIS_SEND, DIA_NONE }, [DIE_R_CD] = { DIS_SEND, DIA_NONE },
	},
	[DIS_RCV] = {
		[DIE_R_END] = { DIS_CONT, DIA_NONE }, [DIE_R_CD] = { DIS_CONT, DIA_NONE },
		[DIE_S_END] = { DIS_RCV, DIA_NONE }, [DIE_S_CD] = { DIS_RCV, DIA_NONE },
		[DIE_BETB] = { DIS_CONT, DIA_NONE },
	},
};
DESC(dfc_contention, "HDX-CONT", dir_st, dir_ev, dir_ac, cont_cell);

static const char *const shut_st[] = { NULL, "RUN", "SHUTD.RCVD", "QUIESCED" };
static const char *const shut_ev[] = { NULL, "SHUTD", "SHUTC", "RELQ" };
static const char *const none_ac[] = { NULL, "-" };
static const struct fsm_cell shut_cell[N(shut_st)][N(shut_ev)] = {
	[SHS_RUN] = { [SHE_SHUTD] = { SHS_PEND, 1 }, [SHE_RELQ] = { SHS_RUN, 1 } },
	[SHS_PEND] = { [SHE_SHUTC] = { SHS_SHUT, 1 }, [SHE_RELQ] = { SHS_RUN, 1 } },
	[SHS_SHUT] = { [SHE_RELQ] = { SHS_RUN, 1 } },
};
DESC(dfc_shut, "SHUTDOWN", shut_st, shut_ev, none_ac, shut_cell);

static const char *const qu_st[] = { NULL, "RUN", "PEND.QC", "QUIESCED" };
static const char *const qu_ev[] = { NULL, "QEC", "QC", "RELQ" };
static const struct fsm_cell qu_cell[N(qu_st)][N(qu_ev)] = {
	[QUS_RUN] = { [QUE_QEC] = { QUS_PEND, 1 }, [QUE_RELQ] = { QUS_RUN, 1 } },
	[QUS_PEND] = { [QUE_QC] = { QUS_QUIESCED, 1 }, [QUE_RELQ] = { QUS_RUN, 1 } },
	[QUS_QUIESCED] = { [QUE_RELQ] = { QUS_RUN, 1 } },
};
DESC(dfc_quiesce, "QUIESCE", qu_st, qu_ev, none_ac, qu_cell);
