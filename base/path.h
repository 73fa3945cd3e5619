/* path.h: what path.c does for the other files of this folder. */
#ifndef SNA_BASE_PATH_H
#define SNA_BASE_PATH_H

#include "base.h"

/* Makes a folder and its parents; those made here are added to `made` (may be NULL), parents first. Errors: SNA_EIO,
 * SNA_ENOMEM. */
int sna_folders_make(const char *path, sna_list *made) SNA_CHECK_RESULT;

#endif
