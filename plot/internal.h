/* internal.h: what the files of plot/ share: a figure in memory, and the stages on its way to a gnuplot script. */
#ifndef SNA_PLOT_INTERNAL_H
#define SNA_PLOT_INTERNAL_H

#include "plot.h"

#include <locale.h>

/* ---- a figure in memory (figure.c, layer.c) ------------------------------------------------------------------- */

typedef struct {
    char *label, *unit;
    double low, high; /* NaN: from the data */
    bool log, reversed;
    bool named;
    sna_list name;
} sna_plot_axis;

typedef enum {
    LAYER_LINE,
    LAYER_POINTS,
    LAYER_BAND,
    LAYER_ERRORS,
    LAYER_BOXES,
    LAYER_RULE,
    LAYER_TEXT,
    LAYER_CLOUD,
    LAYER_ARROWS
} sna_layer_kind;

enum { LAYER_ARRAYS = 6 };

/* data[] by kind: LINE x (NULL: start + i step), y; POINTS x, y; BAND and ERRORS x, low, high; BOXES left, right,
 * height; CLOUD x, y, z; ARROWS x, y, z, dx, dy, dz. */
typedef struct {
    sna_layer_kind kind;
    char *name;
    uint32_t rgb;
    sna_dash dash;
    sna_mark mark;
    double size;
    uint64_t count;
    double *data[LAYER_ARRAYS];
    double start, step;
    uint32_t *group; /* [count] or NULL */
    uint64_t groups; /* 0: not grouped */
    sna_list group_name;
    sna_axis axis;   /* RULE */
    double value;    /* RULE: where; ARROWS: length of the head */
    double place[2]; /* TEXT */
    char *text;
} sna_plot_layer;

/* A heat map's own copy of its table. */
typedef struct {
    uint64_t rows, columns;
    double *value; /* [rows * columns], NaN: missing */
    sna_list text; /* [rows * columns], what stands in each cell; "" for a missing one */
    sna_list row_name, column_name;
    char *value_label, *row_label, *column_label; /* may be NULL */
    bool diverging, numbers, missing;
    double low, high;
} sna_plot_heat;

/* A table as texts. */
typedef struct {
    uint64_t rows, columns; /* shown */
    sna_list heading;       /* [columns] */
    sna_list text;          /* [rows * columns] */
    bool *right;            /* [columns] set flush right */
    sna_list note;
} sna_plot_sheet;

typedef struct {
    char *name, *note; /* note may be NULL */
    uint32_t rgb;
    double size; /* part of the largest radius, 0 .. 1 */
} sna_drawn_node;

typedef struct {
    uint64_t source, target;
    double weight;
    char *label; /* may be NULL */
    sna_end end;
} sna_drawn_link;

typedef struct {
    sna_drawn_node *node;
    uint64_t nodes;
    sna_drawn_link *link;
    uint64_t links;
} sna_plot_diagram;

typedef enum { PANEL_EMPTY, PANEL_FLAT, PANEL_SPACE, PANEL_HEAT, PANEL_SHEET, PANEL_DIAGRAM } sna_panel_kind;

struct sna_panel {
    sna_panel_kind kind;
    char *title;
    sna_plot_axis axis[3];
    double width, height; /* 0: default */
    bool equal, equal_set;
    double azimuth, elevation;
    sna_plot_layer *layer;
    uint64_t layers, capacity;
    uint64_t next_colour;
    sna_plot_heat heat;
    sna_plot_sheet sheet;
    sna_plot_diagram diagram;
};

struct sna_figure {
    char *title;
    sna_panel **panel;
    uint64_t panels, capacity;
    uint64_t columns;
    double width, height; /* 0: automatic */
    bool share_x, share_y;
    sna_list row_name, column_name; /* of a grid, empty otherwise */
    sna_list note;
};

/* Makes a panel one of the kind, or fails with SNA_EINVAL where it is another kind already. */
int sna_panel_claim(sna_panel *self, sna_panel_kind kind) SNA_CHECK_RESULT;
void sna_heat_free(sna_plot_heat *self);
void sna_sheet_free(sna_plot_sheet *self);
void sna_diagram_free(sna_plot_diagram *self);

/* The C locale, for numbers with a decimal point; (locale_t)0 when there is no memory for it. */
locale_t sna_plot_locale(void);

/* ---- text (lettering.c) ---------------------------------------------------------------------------------------- */

/* A copy of `text` (NULL: NULL) that is valid UTF-8 without control characters except newline: a tab becomes a blank,
 * anything else that does not belong becomes U+FFFD. */
int sna_lettering_copy(char **out, const char *text) SNA_CHECK_RESULT;
int sna_lettering_add(sna_list *list, const char *text) SNA_CHECK_RESULT;
/* The same for a name that has to fit beside something: its first line, at most about 50 letters. */
int sna_lettering_name(char **out, const char *text) SNA_CHECK_RESULT;
int sna_lettering_add_name(sna_list *list, const char *text) SNA_CHECK_RESULT;
/* The next character of valid UTF-8, and *text moved behind it; 0 at the end. */
uint32_t sna_lettering_next(const char **text);
/* Width of the widest line in DejaVu Sans of `size` pixels. */
double sna_lettering_width(const char *text, double size, bool bold);
uint64_t sna_lettering_lines(const char *text);
/* Columns in a terminal of the text's first line. */
uint64_t sna_lettering_columns(const char *text);
/* Breaks a text at blanks so that lines are at most `width` pixels wide where words allow; append to *out. */
int sna_lettering_wrap(sna_string *out, const char *text, double size, bool bold, double width) SNA_CHECK_RESULT;
/* A copy of the text's first line, cut with an ellipsis where it is wider than `width`. */
int sna_lettering_shorten(char **out, const char *text, double size, double width) SNA_CHECK_RESULT;
/* A number with a decimal point and so many decimals, whatever the locale. */
void sna_lettering_number(char *buffer, size_t size, double value, int places);
/* "label (unit)", or NULL in *out when there is neither. */
int sna_lettering_axis(char **out, const char *label, const char *unit) SNA_CHECK_RESULT;

enum { SIZE_TITLE = 16, SIZE_PANEL = 13, SIZE_LABEL = 13, SIZE_TICK = 12, SIZE_NOTE = 11 };

/* ---- colours (colour.c) ---------------------------------------------------------------------------------------- */

#define INK 0x303030u   /* axes and text */
#define FAINT 0xd9d9d9u /* grids and rules behind the data */

/* The rgb of a colour; `next` (may be NULL) is the palette place that 0 takes and moves on. */
uint32_t sna_colour_resolve(sna_colour colour, uint64_t *next);
uint32_t sna_colour_palette(uint64_t index);
/* The colour maps at t = 0 .. 1 (diverging: 0.5 is the middle). */
uint32_t sna_colour_sequential(double t);
uint32_t sna_colour_diverging(double t);
/* `part` of the colour on white. */
uint32_t sna_colour_pale(uint32_t rgb, double part);
/* Black or white, whichever is easier to read on the colour. */
uint32_t sna_colour_contrast(uint32_t rgb);
/* The nearest of the 6 x 6 x 6 cube and the greys of a 256-colour terminal. */
unsigned sna_colour_terminal(uint32_t rgb);

/* ---- axes (scale.c) -------------------------------------------------------------------------------------------- */

/* An axis with its range and ticks settled. */
typedef struct {
    double low, high;
    bool log, reversed;
    double *tick;  /* [ticks] */
    sna_list name; /* [ticks] */
    uint64_t ticks;
    double *minor; /* [minors], without numbers */
    uint64_t minors;
} sna_plot_scale;

/* What the layers of a panel hold along one axis. */
typedef struct {
    double low, high; /* low > high: nothing */
    bool zero;        /* bars stand on 0 */
    bool pad;         /* marks at the ends need room */
} sna_plot_extent;

#define EXTENT_NONE ((sna_plot_extent){INFINITY, -INFINITY, false, false})

void sna_extent_add(sna_plot_extent *self, double value, bool log);
sna_plot_extent sna_extent_union(sna_plot_extent a, sna_plot_extent b);
/* Range and about one tick each `spacing` pixels of `length`; `across`: tick names stand side by side along the axis,
 * and are thinned where they would touch. */
int sna_scale_settle(sna_plot_scale *self, const sna_plot_axis *axis, sna_plot_extent extent, double length,
                     double spacing, bool across) SNA_CHECK_RESULT;
/* 0 at the low end, 1 at the high end (reversed: the other way round). NaN where there is no place. */
double sna_scale_place(const sna_plot_scale *self, double value);
/* The value at a place. */
double sna_scale_value(const sna_plot_scale *self, double place);
/* Widest tick name in pixels. */
double sna_scale_name_width(const sna_plot_scale *self, double size);
void sna_scale_free(sna_plot_scale *self);
/* A number as a person writes it: true minus, powers of ten as superscripts where the `largest` of its
 * kind needs them; `step` is the distance of its neighbours.
 */
void sna_scale_number(char *buffer, size_t size, double value, double step, double largest);
/* The same with so many decimals. */
void sna_scale_decimal(char *buffer, size_t size, double value, int places);

/* ---- drawing surface in pixels (canvas.c) ------------------------------------------------------------------------ */

/* What is written to a script; after the first failure nothing more is added, and `status` tells. */
typedef struct {
    sna_string text;
    int status;
} sna_plot_script;
#define PLOT_SCRIPT ((sna_plot_script){SNA_STRING, 0})

void sna_script_put(sna_plot_script *self, const char *format, ...) SNA_PRINTF(2, 3);
/* The text as a gnuplot constant in which nothing is expanded. */
void sna_script_quote(sna_plot_script *self, const char *text);

typedef enum { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } sna_plot_align;
typedef struct sna_canvas_item sna_canvas_item;

/* Lines, areas, marks and texts at pixels from the upper left corner, in the order they are drawn (texts last). */
typedef struct {
    sna_canvas_item *item;
    uint64_t count, capacity;
    sna_plot_script label;
    double letter; /* the target's unit of letters for one of our pixels */
    int status;
} sna_plot_canvas;

void sna_canvas_line(sna_plot_canvas *self, double x0, double y0, double x1, double y1, double width, sna_dash dash,
                     uint32_t rgb);
void sna_canvas_path(sna_plot_canvas *self, const double *x, const double *y, uint64_t count, double width,
                     sna_dash dash, uint32_t rgb);
void sna_canvas_polygon(sna_plot_canvas *self, const double *x, const double *y, uint64_t count, uint32_t rgb);
void sna_canvas_box(sna_plot_canvas *self, double x0, double y0, double x1, double y1, uint32_t rgb);
void sna_canvas_disc(sna_plot_canvas *self, double x, double y, double radius, uint32_t rgb);
void sna_canvas_mark(sna_plot_canvas *self, double x, double y, sna_mark mark, double size, uint32_t rgb);
/* One cell of a picture whose cells are all `width` by `height`, around (x, y). */
void sna_canvas_cell(sna_plot_canvas *self, double x, double y, uint32_t rgb);
/* (x, y) is the middle of the text's height, at its left end, centre or right end; `angle` in degrees. */
void sna_canvas_text(sna_plot_canvas *self, double x, double y, const char *text, double size, sna_plot_align align,
                     double angle, uint32_t rgb, bool bold);
/* Writes it as one gnuplot plot over the whole picture. */
void sna_canvas_write(sna_plot_canvas *self, sna_plot_script *script, double width, double height);
void sna_canvas_free(sna_plot_canvas *self);
/* gnuplot's names of marks and dashes. */
int sna_mark_type(sna_mark mark);
const char *sna_dash_type(sna_dash dash);

/* ---- arranging (layout.c) ---------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    uint32_t rgb;
    sna_layer_kind kind;
    sna_dash dash;
    sna_mark mark;
    double size;
} sna_legend_entry;

typedef struct {
    sna_legend_entry *entry;
    uint64_t count;
    char more[32]; /* the name of an entry that stands for those left out */
    bool beside;   /* in columns to the right, else in a row above */
    uint64_t rows; /* beside: entries in a column */
    double column_width, width;
} sna_plot_legend;

/* A panel with its place. */
typedef struct {
    const sna_panel *panel;
    double left, top, width, height; /* of the plotting area */
    double margin[4];                /* left, right, top, bottom; of flat panels in one column the same left */
    sna_plot_scale scale[3];
    char *axis_label[3]; /* may be NULL */
    bool show_x, show_y; /* numbers and labels */
    sna_plot_legend legend;
    double cell_width, cell_height;
    double font, label_font; /* of the numbers in cells (0: none), and of the names beside them */
    bool slant;              /* names of columns stand at an angle */
} sna_plot_place;

typedef struct {
    double width, height;
    sna_plot_place *place; /* [panels] */
    uint64_t panels;
    char *title; /* wrapped; may be NULL */
    char *note;  /* wrapped; may be NULL */
    double title_left, title_top, note_top;
    double *row_middle, *column_middle; /* of a grid */
    double row_name_x, column_name_y;
} sna_plot_layout;

int sna_layout_make(sna_plot_layout *self, const sna_figure *figure) SNA_CHECK_RESULT;
void sna_layout_free(sna_plot_layout *self);
/* Extents of a flat panel's layers. */
sna_plot_extent sna_panel_extent(const sna_panel *self, sna_axis axis);

/* The extents [panels] of the panels' x and y, united where axes are shared. */
void sna_share_extents(const sna_figure *figure, sna_plot_extent *x, sna_plot_extent *y);

/* Each kind of panel: the size of its area (left alone where already given) with its margins, and its drawing. */
int sna_heat_measure(sna_plot_place *place, double scale) SNA_CHECK_RESULT;
void sna_heat_draw(const sna_plot_place *place, sna_plot_canvas *canvas);
int sna_sheet_measure(sna_plot_place *place, double scale) SNA_CHECK_RESULT;
void sna_sheet_draw(const sna_plot_place *place, sna_plot_canvas *canvas);
int sna_diagram_measure(sna_plot_place *place, double scale) SNA_CHECK_RESULT;
void sna_diagram_draw(const sna_plot_place *place, sna_plot_canvas *canvas);
void sna_legend_draw(const sna_plot_place *place, sna_plot_canvas *canvas);
void sna_axes_draw(const sna_plot_place *place, sna_plot_canvas *canvas);

/* ---- the script (script.c, flat.c, space.c) ------------------------------------------------------------ */

typedef enum { TARGET_PNG, TARGET_SVG, TARGET_PDF, TARGET_WINDOW } sna_plot_target;

/* The whole script; `output` is the file it writes, or the gnuplot terminal of a window. Lines and marks are thinned to
 * what the target can show. */
int sna_figure_script(sna_string *out, const sna_figure *self, sna_plot_target target,
                      const char *output) SNA_CHECK_RESULT;
/* Pixels of the target for one of ours. */
double sna_target_fineness(sna_plot_target target, double width, double height);
/* One panel's plot; its data blocks are named for `index`. */
void sna_flat_draw(const sna_plot_place *place, uint64_t index, const sna_plot_layout *layout, double fineness,
                   sna_plot_script *script);
void sna_space_draw(const sna_plot_place *place, double fineness, sna_plot_canvas *canvas);
/* Margins of the plotting area. */
void sna_script_area(sna_plot_script *script, const sna_plot_place *place, const sna_plot_layout *layout);

/* Indices of the points of an ascending line that matter at `bins` across its scale (thin.c). */
int sna_thin_line(uint64_t **keep, uint64_t *kept, const sna_plot_layer *layer, const sna_plot_scale *x,
                  uint64_t bins) SNA_CHECK_RESULT;
/* A set of places on a grid, for drawing only once what falls on the same place. */
typedef struct {
    uint64_t *bit;
    uint64_t columns, rows;
    double width, height;
} sna_thin_grid;
/* Grid of `fineness` places to the pixel. */
int sna_thin_grid_create(sna_thin_grid *self, double width, double height, double fineness) SNA_CHECK_RESULT;
/* True the first time something comes to (x, y) pixels; false for NaN and outside. */
bool sna_thin_grid_take(sna_thin_grid *self, double x, double y);
void sna_thin_grid_free(sna_thin_grid *self);
double sna_layer_x(const sna_plot_layer *layer, uint64_t i);
/* The mark of a group: another shape each time the palette starts over. */
sna_mark sna_group_mark(const sna_plot_layer *layer, uint64_t group);

/* ---- SVG (svg.c) ----------------------------------------------------------------------------------------------------
 */

/* gnuplot's SVG made fit for a page: its tooltips dropped, `title` put in their place, fallbacks for the font, `prefix`
 * (may be NULL) before every id; without the XML declaration when `inline_only`. */
int sna_svg_tidy(sna_string *out, const char *svg, uint64_t size, const char *title, const char *prefix,
                 bool inline_only) SNA_CHECK_RESULT;

#endif
