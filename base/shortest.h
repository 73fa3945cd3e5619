/* shortest.h: the fewest decimal digits that read back to a double. Private to base/. */
#ifndef SNA_SHORTEST_H
#define SNA_SHORTEST_H

/* Writes the digits, without zeros at the end, of the decimal that is closest to `value` among the shortest that read
 * back to it: 0.d1 d2 d3... times 10^*exponent. Returns how many. `value` is finite and above 0. */
enum { SNA_SHORTEST_MOST = 17 };
int sna_shortest(char digit[SNA_SHORTEST_MOST], int *exponent, double value);

#endif
