/* plot.h: figures (data in, picture out) and the pages that hold them.
 *
 * A figure is a grid of panels; a panel has axes and layers (lines, points, bars, a heat map...). Data and texts are
 * copied when they are added, so the caller may free them at once. Nothing is drawn until the figure is written (PNG,
 * SVG or PDF through gnuplot), shown in a window, or printed as characters (no gnuplot needed). All texts are plain
 * UTF-8: no markup, no escapes; a newline breaks the line. NaN and infinite values leave a gap.
 *
 * Names (legends, categories, cells of tables) are cut at some 50 letters with an ellipsis; titles and labels of axes
 * are wrapped.
 *
 * Sizes are in CSS pixels (96 to the inch); PNG pictures have twice as many pixels each way, up to 10^8 in all.
 *
 * Unless said otherwise a function fails with SNA_ENOMEM, or SNA_EINVAL where an argument makes no sense. */
#ifndef SNA_PLOT_H
#define SNA_PLOT_H

#include "base/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- figures ------------------------------------------------------------------------------------------------ */

typedef struct sna_figure sna_figure;
typedef struct sna_panel sna_panel; /* owned by its figure */

/* An empty figure. `title` may be NULL. */
int sna_figure_create(sna_figure **out, const char *title) SNA_CHECK_RESULT;
void sna_figure_free(sna_figure *self);
/* Another title; NULL: none. */
int sna_figure_set_title(sna_figure *self, const char *title) SNA_CHECK_RESULT;

/* Panels fill the grid row by row; one column unless this says otherwise. Errors: SNA_EINVAL (no columns). */
int sna_figure_set_columns(sna_figure *self, uint64_t columns) SNA_CHECK_RESULT;
/* Width and height of the whole picture, up to 16384 each; 0: what the contents need, which is the default. Too little
 * for titles and labels is made larger. Errors: SNA_EINVAL. */
int sna_figure_set_size(sna_figure *self, double width, double height) SNA_CHECK_RESULT;
/* All panels of a column share the range of x (of a row: y); its numbers and label stand only at the lowest panel of
 * the column (the leftmost of the row). */
void sna_figure_share_axes(sna_figure *self, bool x, bool y);
/* A sentence in small print under the figure ("down-sampled to 20000 of 84000 cells"). */
int sna_figure_add_note(sna_figure *self, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);

/* Adds a panel. `title` may be NULL. */
int sna_figure_add_panel(sna_figure *self, const char *title, sna_panel **out) SNA_CHECK_RESULT;
uint64_t sna_figure_panels(const sna_figure *self);
/* The panel with that number, NULL when there is none. */
sna_panel *sna_figure_panel(sna_figure *self, uint64_t index);

/* ---- axes --------------------------------------------------------------------------------------------------- */

typedef enum { SNA_AXIS_X, SNA_AXIS_Y, SNA_AXIS_Z } sna_axis;

/* "label (unit)"; either may be NULL. */
int sna_panel_set_axis(sna_panel *self, sna_axis axis, const char *label, const char *unit) SNA_CHECK_RESULT;
/* NaN for an end that follows the data. Errors: SNA_EINVAL (low >= high, infinite). */
int sna_panel_set_range(sna_panel *self, sna_axis axis, double low, double high) SNA_CHECK_RESULT;
/* Values of zero and below are left out on a logarithmic axis. */
void sna_panel_set_log(sna_panel *self, sna_axis axis, bool log);
/* Names instead of numbers: name[i] stands at i. Where all do not fit, every second (third...) is shown. */
int sna_panel_set_names(sna_panel *self, sna_axis axis, const char *const *name, uint64_t count) SNA_CHECK_RESULT;
/* The larger values are nearer to the origin (cell numbers counted from the top, depth). */
void sna_panel_set_reversed(sna_panel *self, sna_axis axis, bool reversed);
/* The size of the plotting area, without labels; default 560 x 300. Errors: SNA_EINVAL. */
int sna_panel_set_size(sna_panel *self, double width, double height) SNA_CHECK_RESULT;
/* One unit of x as long as one of y (and z): maps, positions. In 3D panels this is the default. */
void sna_panel_set_equal(sna_panel *self, bool equal);

/* ---- how a layer looks -------------------------------------------------------------------------------------- */

/* A colour: 0 is the next of the palette; SNA_COLOUR(i) colour i of the palette (Okabe & Ito 2008, told apart by
 * people with any colour vision; i counts from 0 and starts over after 8); SNA_RGB(0xrrggbb) any other. */
typedef uint32_t sna_colour;
#define SNA_COLOUR(i) ((sna_colour)(1 + (i) % 8))
#define SNA_RGB(rgb) ((sna_colour)(0x1000000u | (rgb)))
#define SNA_BLACK SNA_RGB(0x000000u)
#define SNA_GREY SNA_RGB(0x8c8c8cu)

typedef enum { SNA_SOLID, SNA_DASHED, SNA_DOTTED } sna_dash;
typedef enum {
    SNA_MARK_AUTO,
    SNA_MARK_DISC,
    SNA_MARK_SQUARE,
    SNA_MARK_TRIANGLE,
    SNA_MARK_DIAMOND,
    SNA_MARK_CIRCLE,
    SNA_MARK_CROSS,
    SNA_MARK_DOT
} sna_mark;

/* Zeroed (or NULL where a style is asked for) is a good default. */
typedef struct {
    const char *name; /* in the legend; NULL: not there */
    sna_colour colour;
    sna_dash dash; /* of a line whose colour is 0, dashed when the palette starts over */
    sna_mark mark; /* AUTO: a disc, and another shape each time the palette starts over */
    double size;   /* line width, or diameter of a mark, in pixels; 0: default */
} sna_style;

/* ---- layers over x and y ------------------------------------------------------------------------------------ */

/* A line through count points, in their order. A long one is thinned to the lowest and highest value at each pixel,
 * which looks the same and makes 1e6 points quick; that needs x in ascending order, other lines are drawn whole. */
int sna_panel_add_line(sna_panel *self, const sna_style *style, const double *x, const double *y,
                       uint64_t count) SNA_CHECK_RESULT;
/* The same for samples at start, start + step, ... (step > 0). */
int sna_panel_add_trace(sna_panel *self, const sna_style *style, double start, double step, const double *y,
                        uint64_t count) SNA_CHECK_RESULT;
/* A line that keeps y[i] from x[i] to x[i + 1] (a stimulus, a count over time). */
int sna_panel_add_steps(sna_panel *self, const sna_style *style, const double *x, const double *y,
                        uint64_t count) SNA_CHECK_RESULT;
/* Marks. Those that would fall on nearly the same place (a quarter of a mark) are drawn once. */
int sna_panel_add_points(sna_panel *self, const sna_style *style, const double *x, const double *y,
                         uint64_t count) SNA_CHECK_RESULT;
/* The area between low[i] and high[i] (a 95 % interval), pale. */
int sna_panel_add_band(sna_panel *self, const sna_style *style, const double *x, const double *low, const double *high,
                       uint64_t count) SNA_CHECK_RESULT;
/* Upright bars with caps from low[i] to high[i] at x[i]. */
int sna_panel_add_errors(sna_panel *self, const sna_style *style, const double *x, const double *low,
                         const double *high, uint64_t count) SNA_CHECK_RESULT;
/* Bars from 0 to y[i] around x[i]; `width` in units of x, 0: 0.8 of the smallest step. */
int sna_panel_add_bars(sna_panel *self, const sna_style *style, const double *x, const double *y, double width,
                       uint64_t count) SNA_CHECK_RESULT;
/* Bars that touch: height[i] from edge[i] to edge[i + 1]; edge has count + 1 ascending values. */
int sna_panel_add_histogram(sna_panel *self, const sna_style *style, const double *edge, const double *height,
                            uint64_t count) SNA_CHECK_RESULT;
/* The outline of the same, for several on one panel. */
int sna_panel_add_outline(sna_panel *self, const sna_style *style, const double *edge, const double *height,
                          uint64_t count) SNA_CHECK_RESULT;
/* A straight line across the panel at a value of `axis` (X: upright). */
int sna_panel_add_rule(sna_panel *self, const sna_style *style, sna_axis axis, double value) SNA_CHECK_RESULT;
/* A text whose lower left corner is at (x, y). */
int sna_panel_add_text(sna_panel *self, double x, double y, const char *text) SNA_CHECK_RESULT;
/* Many points given as one of `groups` categories each, name[g] and palette colour g (names may be NULL; one that is ""
 * is not in the legend). `group` NULL: all 0. Drawn in the order of the data, so that no group hides the others. */
int sna_panel_add_groups(sna_panel *self, const sna_style *style, const char *const *name, uint64_t groups,
                         const double *x, const double *y, const uint32_t *group, uint64_t count) SNA_CHECK_RESULT;

/* Counts `value` (NaN and infinite ones aside) in `bins` bins of equal width from low to high (the last bin holds
 * `high`), for sna_panel_add_histogram. low = high = NaN: the extremes of the data. *bins = 0: chosen by the rule of
 * Freedman & Diaconis (1981), 1 to 100, whole numbers for data that are whole numbers, one each up to 20 of them. *edge
 * [*bins + 1] and *count [*bins] are the caller's to free(). Errors: SNA_EINVAL (no finite value, low > high). */
int sna_histogram_count(double **edge, double **count, uint64_t *bins, double low, double high, const double *value,
                        uint64_t values) SNA_CHECK_RESULT;

/* ---- layers in space ---------------------------------------------------------------------------------------- */

/* A panel that holds one of these is drawn in three dimensions (in parallel projection, by us: a kept script has its
 * points as pixels) and can hold no others. */

/* As sna_panel_add_groups. */
int sna_panel_add_cloud(sna_panel *self, const sna_style *style, const char *const *name, uint64_t groups,
                        const double *x, const double *y, const double *z, const uint32_t *group,
                        uint64_t count) SNA_CHECK_RESULT;
/* Arrows from (x, y, z) to (x + dx, y + dy, z + dz); `head` is the length of the head as a part of the arrow, 0: 0.25.
 */
int sna_panel_add_arrows(sna_panel *self, const sna_style *style, const double *x, const double *y, const double *z,
                         const double *dx, const double *dy, const double *dz, double head,
                         uint64_t count) SNA_CHECK_RESULT;
/* The direction it is seen from, in degrees: turned about z from the front (-37.5 by default), lifted above the
 * horizon (25). Errors: SNA_EINVAL (elevation outside -90 .. 90). */
int sna_panel_set_view(sna_panel *self, double azimuth, double elevation) SNA_CHECK_RESULT;

/* ---- whole-panel contents ----------------------------------------------------------------------------------- */

/* Each takes a panel of its own. */

typedef enum { SNA_MAP_AUTO, SNA_MAP_SEQUENTIAL, SNA_MAP_DIVERGING } sna_map;

/* Zeroed is a good default. */
typedef struct {
    const char *value_label, *unit;       /* at the colour bar */
    const char *row_label, *column_label; /* "Source", "Target" */
    sna_map map;                          /* AUTO: diverging about 0 when there are values on both sides of it */
    double low, high;      /* ends of the colour scale; both 0: the extremes of the data, from 0 where all are >= 0 */
    int digits;            /* significant digits of the numbers in the cells; 0: 3 */
    bool no_numbers;       /* colours only */
    const sna_table *text; /* NULL, or a table of the same shape whose text cells are written in the cells instead of
                            * the numbers ("12.3\n±4.5"); missing: the number */
} sna_heat_options;

/* An annotated heat map of the numeric columns of a table: its rows from the top, its row labels and column names at
 * the sides. Missing cells are hatched. The picture grows with the matrix; numbers that would be too small to read are
 * left out. Errors: SNA_EINVAL (no numeric column, no row, more than 4e6 cells or 8000 on a side). */
int sna_panel_set_heat_map(sna_panel *self, const sna_table *table, const sna_heat_options *options) SNA_CHECK_RESULT;

/* A table set in type. Long ones stop after 200 rows with a line that says so. */
int sna_panel_set_table(sna_panel *self, const sna_table *table) SNA_CHECK_RESULT;

/* Excites, inhibits, undirected (a gap junction: dashed). */
typedef enum { SNA_END_ARROW, SNA_END_BAR, SNA_END_PLAIN } sna_end;

typedef struct {
    const char *name;  /* in the circle */
    const char *note;  /* under the name, e.g. "80 cells"; NULL: none */
    sna_colour colour; /* 0: by number */
    double size;       /* what the area of the circle shows (cells), 0 for all: all are as large */
} sna_diagram_node;

typedef struct {
    uint64_t source, target; /* numbers of nodes; may be the same */
    double weight;           /* the width of the line: 0 .. the largest of the diagram */
    const char *label;       /* NULL: none */
    sna_end end;
} sna_diagram_link;

/* Populations on a ring and the arrows between them. Errors: SNA_ERANGE (a link to a node that is not there),
 * SNA_EINVAL (no nodes or more than 200, more than 10000 links, a negative or infinite weight or size). */
int sna_panel_set_diagram(sna_panel *self, const sna_diagram_node *node, uint64_t nodes, const sna_diagram_link *link,
                          uint64_t links) SNA_CHECK_RESULT;

/* ---- ready-made figures ------------------------------------------------------------------------------------- */

/* sna_panel_set_heat_map on one panel, under the title of the table (`title` NULL) or another. */
int sna_figure_heat_map(sna_figure **out, const char *title, const sna_table *table,
                        const sna_heat_options *options) SNA_CHECK_RESULT;

/* A grid of small panels with shared axes, one for each (row, column), the labels along the left side and the top.
 * Panel (r, c) is sna_figure_panel(*out, r * columns + c); one that gets no layer stays blank. */
int sna_figure_grid(sna_figure **out, const char *title, const char *const *row, uint64_t rows,
                    const char *const *column, uint64_t columns) SNA_CHECK_RESULT;

/* Spikes in rows, one colour a group, and beneath them the mean rate of each group's cells (Hz) in bins. */
typedef struct {
    const double *time;    /* [count] ms, in any order */
    const double *row;     /* [count] the height at which a spike is drawn (a cell's number) */
    const uint32_t *group; /* [count], or NULL: all in group 0 */
    uint64_t count;
    const char *const *name; /* [groups] */
    const uint64_t
        *cells; /* [groups] cells in each; NULL: the panel beneath shows spikes a second, all cells together */
    uint64_t groups;
    double start, stop;    /* ms; NaN: as the data, in whole bins */
    double bin;            /* ms; 0: a round number near 1/100 of the duration */
    const char *row_label; /* NULL: "Cell" */
    double rows;           /* rows 0 .. rows - 1 are shown; 0: as the data */
} sna_raster;
/* Errors: SNA_ERANGE (a group that is not there), SNA_EINVAL. No spikes is a figure too: empty axes. */
int sna_figure_raster(sna_figure **out, const char *title, const sna_raster *raster) SNA_CHECK_RESULT;

/* Lines over time (ms), in one panel, or each in its own with the others above and below. */
typedef struct {
    const char *name;           /* in the legend, where there are not too many */
    const double *time, *value; /* [count] */
    uint64_t count;
} sna_curve;
/* `label` and `unit` (may be NULL) of the values. Errors: SNA_EINVAL (no curve, more than 64 apart). */
int sna_figure_traces(sna_figure **out, const char *title, const sna_curve *curve, uint64_t curves, const char *label,
                      const char *unit, bool apart) SNA_CHECK_RESULT;

/* Cells in space, one colour a group. Zeroed is a good default for all but the data. */
typedef enum { SNA_VIEWS_ALL, SNA_VIEWS_SPACE, SNA_VIEWS_PLANES } sna_views; /* in 3D, its three projections, or both */
typedef struct {
    const char *const *name; /* [groups] in the legend are those that have cells; NULL: no legend */
    uint64_t groups;
    const double *x, *y, *z;    /* [count] um */
    const double *dx, *dy, *dz; /* [count] arrows' directions, of any length, NaN for none; NULL: no arrows. In 3D. */
    const uint32_t *group;      /* [count], or NULL: all in group 0 */
    uint64_t count;
    double length, head;       /* of arrows: um (0: one that suits), and the part that the head takes (0: 0.25) */
    double azimuth, elevation; /* as sna_panel_set_view; both 0: from the front, left and above */
    sna_views views;
    bool flat; /* they lie in the plane of x and y: that one is shown, seen from above */
} sna_scene;
int sna_figure_scene(sna_figure **out, const char *title, const sna_scene *scene) SNA_CHECK_RESULT;
/* One panel with the view in space (or the plane, where it is flat), in a figure of more. */
int sna_figure_add_scene(sna_figure *self, const char *title, const sna_scene *scene) SNA_CHECK_RESULT;

/* Drawings of tables that say something of blocks: the columns `source` and `target` say which (rows of a block stand
 * together), and each block has a panel of a grid. `title` NULL: the table's. Its notes stand under the figure. Errors:
 * SNA_EINVAL (no rows, more than 100 blocks each way). */

/* Bins: columns source, target, low, high and a count; `label` and `unit` (may be NULL) of the values. */
int sna_histogram_figure(sna_figure **out, const sna_table *table, const char *title, const char *label,
                         const char *unit) SNA_CHECK_RESULT;
/* Probability by distance: columns source, target, low, high (um), pairs, connected, probability and its interval; and
 * the curves of a table of fits (NULL: none) with columns source, target, p_max, and sigma or lambda (um). */
int sna_probability_figure(sna_figure **out, const sna_table *table, const sna_table *fits,
                           const char *title) SNA_CHECK_RESULT;
/* Columns of numbers of a table, a panel each, with its notes; `title` NULL: the table's. Errors: SNA_EINVAL (no such
 * column, nothing to draw). */

/* A bar for each row, with the text (or number) of the column `names`, or its label where that is their header, below
 * it. */
int sna_bars_figure(sna_figure **out, const sna_table *table, const char *names, const char *const *column,
                    uint64_t columns, const char *title) SNA_CHECK_RESULT;
/* How the rows (cells) are distributed over the values of each column of numbers from the `first` on; at most 60. */
int sna_distribution_figure(sna_figure **out, const sna_table *table, uint64_t first,
                            const char *title) SNA_CHECK_RESULT;

/* Groups of cells and what connects them, as a diagram: `nodes` has a row each with its label and a column `cells`;
 * `links` has columns source, target (labels of nodes), effect ("excites", "inhibits", "gap junction", or missing) and
 * the number `value` that the lines show by their width and their labels. Links of which that number is missing are
 * thin, with that of a column `pairs` as label; those of 0 are not shown. Errors: SNA_EINVAL (no such column; as for
 * sna_panel_set_diagram), SNA_ENOTFOUND (a label that no node has). */
int sna_scheme_figure(sna_figure **out, const sna_table *nodes, const sna_table *links, const char *value,
                      const char *title) SNA_CHECK_RESULT;
/* The same on a panel of a figure of more; and the note that says what circles and lines mean. */
int sna_panel_set_scheme(sna_panel *self, const sna_table *nodes, const sna_table *links,
                         const char *value) SNA_CHECK_RESULT;
int sna_scheme_explain(sna_figure *figure, const sna_table *links, const char *value) SNA_CHECK_RESULT;
/* Points with columns source, target, distance (um) and delay (ms), and the lines of a table with columns source,
 * target, slope (ms/um) and intercept (ms) among others. */
int sna_delay_figure(sna_figure **out, const sna_table *lines, const sna_table *points,
                     const char *title) SNA_CHECK_RESULT;

/* ---- pictures ----------------------------------------------------------------------------------------------- */

typedef enum { SNA_PICTURE_PNG, SNA_PICTURE_SVG, SNA_PICTURE_PDF } sna_picture;

/* The kind that a file name asks for by its ending. Errors: SNA_EINVAL with the list. */
int sna_picture_parse(sna_picture *out, const char *path) SNA_CHECK_RESULT;

/* Draws the figure into a file, of the kind that its ending says. What stood there is replaced when the picture is
 * complete, and stays when it is not. `script` (NULL: none) is where to keep the gnuplot script, data included, that
 * draws the same file again. Errors: SNA_EINVAL (an unknown ending), SNA_EMISSING (no gnuplot), SNA_EEXTERNAL (gnuplot
 * failed), SNA_EIO. */
int sna_figure_write(const sna_figure *self, const char *path, const char *script) SNA_CHECK_RESULT;
/* Keeps the script alone, which draws into a PNG file of the same name (a.gp: a.png). Errors: SNA_EINVAL (a script
 * called .png), SNA_EIO. */
int sna_figure_write_script(const sna_figure *self, const char *script) SNA_CHECK_RESULT;
/* The same as sna_figure_write, as one of a set of outputs, which the caller commits. */
int sna_figure_write_to(const sna_figure *self, sna_outputs *outputs, const char *path,
                        const char *script) SNA_CHECK_RESULT;
/* The bytes of the picture, free() them. An SVG starts at its <svg> tag, ready for a page; `prefix` (NULL: none) is put
 * before each of its ids, so that several can share a page. */
int sna_figure_render(const sna_figure *self, sna_picture picture, const char *prefix, char **bytes,
                      uint64_t *size) SNA_CHECK_RESULT;
/* Opens a window (gnuplot's qt, wxt or x11) that stays after the program has ended. Errors: SNA_EMISSING (no gnuplot,
 * or one without windows, or no display), SNA_EEXTERNAL. */
int sna_figure_show(const sna_figure *self) SNA_CHECK_RESULT;

/* ---- pictures in a terminal --------------------------------------------------------------------------------- */

typedef struct {
    unsigned width, height; /* in characters; height is for one panel */
    bool unicode;           /* Braille dots, block shades and box lines; else ASCII only */
    bool colour;            /* escape sequences of 256 colours */
} sna_screen;

/* What the stream is: the width of its terminal, or of COLUMNS, or 80; colours unless NO_COLOR is set; Unicode by the
 * locale's names in LC_ALL, LC_CTYPE, LANG. Not a terminal: 80 wide, no colours. */
void sna_screen_detect(sna_screen *self, FILE *stream);
/* Draws the figure in characters; `screen` NULL: sna_screen_detect. Errors: SNA_EIO, SNA_ENOMEM. */
int sna_figure_print(const sna_figure *self, FILE *stream, const sna_screen *screen) SNA_CHECK_RESULT;

/* ---- pages -------------------------------------------------------------------------------------------------- */

/* A page of headings, text, tables and figures: one self-contained HTML file, or Markdown with its pictures beside it
 * in the folder NAME_files. All texts are escaped. */
typedef struct sna_page sna_page;

/* `path` ends in .html, .htm or .md; nothing is written before sna_page_write. Errors: SNA_EINVAL (another ending). */
int sna_page_create(sna_page **out, const char *path, const char *title) SNA_CHECK_RESULT;
bool sna_page_is_html(const sna_page *self);
/* A heading of level 2 .. 4 (1 is the title); it gets an id made from its text, and level 2 an entry in the contents.
 */
int sna_page_add_heading(sna_page *self, int level, const char *text) SNA_CHECK_RESULT;
int sna_page_add_paragraph(sna_page *self, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);
/* Items of a list. */
int sna_page_add_list(sna_page *self, const sna_list *items) SNA_CHECK_RESULT;
/* Text kept as it is, in a typewriter face: a command, a script. */
int sna_page_add_code(sna_page *self, const char *text) SNA_CHECK_RESULT;
/* The table with its title as caption, units and notes; tables above 1000 rows are cut, saying so. */
int sna_page_add_table(sna_page *self, const sna_table *table) SNA_CHECK_RESULT;
int sna_page_add_record(sna_page *self, const sna_record *record) SNA_CHECK_RESULT;
/* Draws the figure now (SVG in HTML, PNG beside Markdown; one whose SVG is above 600 kB is a PNG in both). `caption`
 * and `alternative` (what it shows, for those who cannot see it) may be NULL. Errors: those of sna_figure_write. */
int sna_page_add_figure(sna_page *self, const sna_figure *figure, const char *caption,
                        const char *alternative) SNA_CHECK_RESULT;
/* Unescaped: HTML into the body, a style sheet and a script into the head and the end of an HTML page; Markdown into a
 * Markdown page. On a page of the other kind they do nothing. Errors: SNA_EINVAL (a style or script that holds what
 * would end its element: </style, </script, <!--). */
int sna_page_add_html(sna_page *self, const char *html) SNA_CHECK_RESULT;
int sna_page_add_style(sna_page *self, const char *css) SNA_CHECK_RESULT;
int sna_page_add_script(sna_page *self, const char *script, uint64_t size) SNA_CHECK_RESULT;
int sna_page_add_markdown(sna_page *self, const char *markdown) SNA_CHECK_RESULT;
/* JSON that scripts of the page find as JSON.parse(document.getElementById(id).textContent); escaped so that nothing in
 * it can end the element. */
int sna_page_add_data(sna_page *self, const char *id, const char *json) SNA_CHECK_RESULT;
/* Writes the page and its pictures, all or nothing. Errors: SNA_EIO, SNA_ENOMEM. */
int sna_page_write(sna_page *self) SNA_CHECK_RESULT;
void sna_page_free(sna_page *self);

/* Appends `text` with & < > " ' replaced by entities, bad UTF-8 and control characters by U+FFFD. */
int sna_html_escape(sna_string *out, const char *text) SNA_CHECK_RESULT;

#ifdef __cplusplus
}
#endif
#endif
