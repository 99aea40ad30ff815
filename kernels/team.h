/*
 * A team: the work-items that see the same inputs. Of one, where restarts draw their own or where a
 * work-item's vectors hold enough restarts: then its memory is private and there is nothing to wait for.
 * Otherwise a whole work-group.
 */
#if BASIN_TEAM == 1
#define TEAM_MEMORY
#define TEAM_POINTER
#define TEAM_BARRIER()
#define TEAM_ITEM 0
#define TEAM_ADD(pointer, value) ((*(pointer) += (value)) - (value))
#else
#define TEAM_MEMORY BASIN_SHARED
#define TEAM_POINTER BASIN_SHARED_POINTER
#define TEAM_BARRIER() BASIN_BARRIER()
#define TEAM_ITEM BASIN_ITEM
#define TEAM_ADD(pointer, value) BASIN_ATOMIC_ADD(pointer, value)
#endif

/* What a team has on its board. */
#define TEAM_NEXT 0   /* offset that the next free lane takes; may run beyond the end */
#define TEAM_ACTIVE 1 /* work-items with restarts under way */
#define TEAM_MORE 2   /* whether there was a ticket */
#define TEAM_WORK 3   /* the team's share of a tile */
#define TEAM_BOARD 9

/* Puts a share of a tile on the board. */
BASIN_FUNCTION void team_put(const work *own, TEAM_POINTER int *board) {
  board[TEAM_NEXT] = own->next;
  board[TEAM_WORK] = own->id;
  board[TEAM_WORK + 1] = own->cell;
  board[TEAM_WORK + 2] = own->stride;
  board[TEAM_WORK + 3] = own->end;
  board[TEAM_WORK + 4] = (int)own->first_low;
  board[TEAM_WORK + 5] = (int)own->first_high;
}

/* The share on the board, without what is still to be taken. Read where it is used, it takes no registers between. */
BASIN_FUNCTION work team_own(TEAM_POINTER const int *board) {
  work own = work_none();
  own.id = board[TEAM_WORK];
  own.cell = board[TEAM_WORK + 1];
  own.stride = board[TEAM_WORK + 2];
  own.end = board[TEAM_WORK + 3];
  own.first_low = (word)board[TEAM_WORK + 4];
  own.first_high = (word)board[TEAM_WORK + 5];
  return own;
}

/* Whether a restart of the team is under way. Between two calls there is a barrier. */
BASIN_FUNCTION int team_any_active(const work_lanes *lanes, TEAM_POINTER int *board) {
#if BASIN_TEAM == 1
  return work_any_active(lanes);
#else
  if (TEAM_ITEM == 0) {
    board[TEAM_ACTIVE] = 0;
  }
  TEAM_BARRIER();
  if (work_any_active(lanes)) {
    TEAM_ADD(&board[TEAM_ACTIVE], 1);
  }
  TEAM_BARRIER();
  return board[TEAM_ACTIVE];
#endif
}

/* Takes a ticket for the team; returns 0 and leaves the board as it is where there is none. */
BASIN_FUNCTION int team_take(
    TEAM_POINTER int *board, BASIN_GLOBAL int *control, BASIN_GLOBAL const int *table) {
  TEAM_BARRIER();
  if (TEAM_ITEM == 0) {
    work own = work_none();
    int more = work_take(&own, control, table);
    if (more) {
      team_put(&own, board);
    }
    board[TEAM_MORE] = more;
  }
  TEAM_BARRIER();
  return board[TEAM_MORE];
}
