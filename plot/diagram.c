/* diagram.c: populations on a ring and the arrows between them. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { SAMPLES = 48, NODE_LEAST = 30, NODE_MOST = 62, NODES_MOST = 200, LINKS_MOST = 10000, SIDE_MOST = 2400 };
static const double WIDTH_LEAST = 1.2, WIDTH_MOST = 7;

void sna_diagram_free(sna_plot_diagram *self)
{
    for (uint64_t i = 0; i < self->nodes && self->node != NULL; i++) {
        free(self->node[i].name);
        free(self->node[i].note);
    }
    for (uint64_t i = 0; i < self->links && self->link != NULL; i++)
        free(self->link[i].label);
    free(self->node);
    free(self->link);
    *self = (sna_plot_diagram){0};
}

int sna_panel_set_diagram(sna_panel *self, const sna_diagram_node *node, uint64_t nodes, const sna_diagram_link *link,
                          uint64_t links)
{
    int status = 0;
    sna_plot_diagram diagram = {0};

    if (nodes == 0 || nodes > NODES_MOST || links > LINKS_MOST) {
        status = sna_error(SNA_EINVAL, "a diagram of %" PRIu64 " populations and %" PRIu64 " links (1 to %d, up to %d)",
                           nodes, links, NODES_MOST, LINKS_MOST);
        goto out;
    }
    status = sna_allocate(&diagram.node, nodes, sizeof *diagram.node);
    if (status == 0)
        status = sna_allocate(&diagram.link, links, sizeof *diagram.link);
    if (status != 0)
        goto out;
    diagram.nodes = nodes;
    diagram.links = links;
    for (uint64_t i = 0; i < nodes && status == 0; i++) {
        diagram.node[i].rgb = node[i].colour == 0 ? sna_colour_palette(i) : sna_colour_resolve(node[i].colour, NULL);
        status = sna_lettering_name(&diagram.node[i].name, node[i].name == NULL ? "" : node[i].name);
        if (status == 0)
            status = sna_lettering_name(&diagram.node[i].note, node[i].note);
    }
    for (uint64_t i = 0; i < links && status == 0; i++) {
        if (link[i].source >= nodes || link[i].target >= nodes)
            status = sna_error(SNA_ERANGE,
                               "link %" PRIu64 " goes from node %" PRIu64 " to %" PRIu64 ", but there are %" PRIu64, i,
                               link[i].source, link[i].target, nodes);
        else if (!(link[i].weight >= 0) || isinf(link[i].weight))
            status = sna_error(SNA_EINVAL, "link %" PRIu64 " has the weight %g", i, link[i].weight);
        if (status != 0)
            goto out;
        diagram.link[i] = (sna_drawn_link){link[i].source, link[i].target, link[i].weight, NULL, link[i].end};
        status = sna_lettering_name(&diagram.link[i].label, link[i].label);
    }
    if (status == 0)
        status = sna_panel_claim(self, PANEL_DIAGRAM);
    if (status != 0)
        goto out;
    self->diagram = diagram;
    diagram = (sna_plot_diagram){0};
out:
    sna_diagram_free(&diagram);
    return status;
}

/* ---- measuring ---------------------------------------------------------------------------------------------- */

typedef struct {
    double x, y;
} point;

typedef struct {
    double ring, node; /* radii */
    point centre;
    uint64_t nodes;
} geometry;

static double node_radius(const sna_plot_diagram *diagram, double font)
{
    double widest = 0;

    for (uint64_t i = 0; i < diagram->nodes; i++) {
        widest = fmax(widest, sna_lettering_width(diagram->node[i].name, font, true));
        if (diagram->node[i].note != NULL)
            widest = fmax(widest, sna_lettering_width(diagram->node[i].note, font - 2, false));
    }
    return fmin(NODE_MOST, fmax(NODE_LEAST, widest / 2 + 8));
}

static bool has_loops(const sna_plot_diagram *diagram)
{
    for (uint64_t i = 0; i < diagram->links; i++) {
        if (diagram->link[i].source == diagram->link[i].target)
            return true;
    }
    return false;
}

static double ring_radius(uint64_t nodes, double node)
{
    /* From the rim of one node to that of the next there is room for an arrow with its label. */
    return nodes == 1 ? 0 : fmax(node + 75, (double)nodes * (2 * node + 130) / (2 * M_PI));
}

int sna_diagram_measure(sna_plot_place *place, double scale)
{
    const sna_plot_diagram *diagram = &place->panel->diagram;
    const double node = node_radius(diagram, SIZE_LABEL), loop = has_loops(diagram) ? 0.95 * node + 34 : 0;
    const double out = ring_radius(diagram->nodes, node) + node + fmax(loop, 20);
    const double shrunk = fmin(scale, SIDE_MOST / (2 * out)); /* many populations: everything smaller */

    place->cell_width = place->cell_height = shrunk; /* what a pixel of the plan is here */
    place->font = fmax(6, SIZE_LABEL * fmin(1, shrunk));
    place->width = ceil(fmax(2 * out, 200) * shrunk);
    place->height = ceil((diagram->nodes == 2 ? 2 * (node + fmax(loop, 40)) : 2 * out) * shrunk);
    for (int i = 0; i < 4; i++)
        place->margin[i] = 8;
    return 0;
}

/* ---- drawing ------------------------------------------------------------------------------------------------ */

/* Clockwise from the top; two stand side by side. */
static double node_angle(const geometry *all, uint64_t i)
{
    return (all->nodes == 2 ? M_PI : -M_PI / 2) + 2 * M_PI * (double)i / (double)all->nodes;
}

static point node_place(const geometry *all, uint64_t i)
{
    const double angle = node_angle(all, i);

    return (point){all->centre.x + all->ring * cos(angle), all->centre.y + all->ring * sin(angle)};
}

static point bezier(const point control[4], double t)
{
    const double u = 1 - t, a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;

    return (point){a * control[0].x + b * control[1].x + c * control[2].x + d * control[3].x,
                   a * control[0].y + b * control[1].y + c * control[2].y + d * control[3].y};
}

/* How many links before this one join the same two nodes in the same sense. */
static unsigned link_rank(const sna_plot_diagram *diagram, uint64_t index)
{
    const sna_drawn_link *link = &diagram->link[index];
    unsigned rank = 0;

    for (uint64_t i = 0; i < index; i++)
        rank += diagram->link[i].source == link->source && diagram->link[i].target == link->target;
    return rank;
}

static void link_control(const geometry *all, const sna_drawn_link *link, unsigned rank, point control[4])
{
    const point a = node_place(all, link->source), b = node_place(all, link->target);

    if (link->source == link->target) {
        const double angle = node_angle(all, link->source), reach = all->node * (2.6 + 0.5 * rank), spread = 0.72;
        control[0] = (point){a.x + all->node * cos(angle - 0.4), a.y + all->node * sin(angle - 0.4)};
        control[1] = (point){a.x + reach * cos(angle - spread), a.y + reach * sin(angle - spread)};
        control[2] = (point){a.x + reach * cos(angle + spread), a.y + reach * sin(angle + spread)};
        control[3] = (point){a.x + all->node * cos(angle + 0.4), a.y + all->node * sin(angle + 0.4)};
    } else {
        /* To the left of the way from a to b, so that both directions are seen; what has no direction goes straight. */
        const double length = hypot(b.x - a.x, b.y - a.y);
        const double aside =
            (link->end == SNA_END_PLAIN && rank == 0 ? 0 : 0.3 * all->node + 0.06 * length) + 0.5 * all->node * rank;
        const point side = {(b.y - a.y) / length * aside, -(b.x - a.x) / length * aside};
        const uint64_t apart = link->source > link->target ? link->source - link->target : link->target - link->source;
        /* Between nodes that are not neighbours the way is drawn in towards the middle, clear of those on the ring. */
        const double pull = all->nodes > 4 && apart > 1 && apart + 1 < all->nodes ? 0.3 : 0;

        control[0] = a;
        control[3] = b;
        for (int i = 1; i <= 2; i++) {
            const point straight = {a.x + (b.x - a.x) * i / 3, a.y + (b.y - a.y) * i / 3};
            control[i] = (point){straight.x + side.x + pull * (all->centre.x - straight.x),
                                 straight.y + side.y + pull * (all->centre.y - straight.y)};
        }
    }
}

/* The part of the curve outside both circles, then `back` pixels less at its end for the arrow's head. */
static void link_span(const geometry *all, const sna_drawn_link *link, const point control[4], double back,
                      double *from, double *to)
{
    const point a = node_place(all, link->source), b = node_place(all, link->target);
    const double clear = all->node + 3;

    *from = 0;
    *to = 1;
    for (int i = 0; i < 250; i++) {
        const double t = i / 500.0;
        const point p = bezier(control, t), q = bezier(control, 1 - t);
        if (hypot(p.x - a.x, p.y - a.y) < clear)
            *from = t;
        if (hypot(q.x - b.x, q.y - b.y) < clear + back)
            *to = 1 - t;
    }
}

static void draw_head(sna_plot_canvas *canvas, point tip, point foot, double breadth, uint32_t rgb)
{
    const double length = fmax(1e-6, hypot(tip.x - foot.x, tip.y - foot.y));
    const point across = {-(tip.y - foot.y) / length * breadth, (tip.x - foot.x) / length * breadth};

    sna_canvas_polygon(canvas, (const double[]){tip.x, foot.x + across.x, foot.x - across.x, tip.x},
                       (const double[]){tip.y, foot.y + across.y, foot.y - across.y, tip.y}, 4, rgb);
}

static void draw_link(sna_plot_canvas *canvas, const geometry *all, const sna_plot_diagram *diagram, uint64_t index,
                      double full)
{
    const sna_drawn_link *link = &diagram->link[index];
    /* Pale enough that the numbers on crossing lines can be read. */
    const uint32_t rgb = sna_colour_pale(diagram->node[link->source].rgb, 0.8);
    const bool loop = link->source == link->target;
    const double width = loop ? fmin(full, 4) : full; /* a thick line cannot turn so short */
    const double head = link->end == SNA_END_ARROW ? 8 + 1.3 * width : 0,
                 bar = link->end == SNA_END_BAR ? 5 + width : 0;
    point control[4];
    double x[SAMPLES + 1], y[SAMPLES + 1], from, to, tip_from, tip_to;

    link_control(all, link, link_rank(diagram, index), control);
    link_span(all, link, control, head, &from, &to);
    for (int i = 0; i <= SAMPLES; i++) {
        const point p = bezier(control, from + (to - from) * i / SAMPLES);
        x[i] = p.x;
        y[i] = p.y;
    }
    sna_canvas_path(canvas, x, y, SAMPLES + 1, width, SNA_SOLID, rgb);
    link_span(all, link, control, 0, &tip_from, &tip_to);
    if (head > 0)
        draw_head(canvas, bezier(control, tip_to), (point){x[SAMPLES], y[SAMPLES]}, head * 0.45, rgb);
    if (bar > 0) {
        const point tip = {x[SAMPLES], y[SAMPLES]}, before = {x[SAMPLES - 2], y[SAMPLES - 2]};
        const double length = fmax(1e-6, hypot(tip.x - before.x, tip.y - before.y));
        const point across = {-(tip.y - before.y) / length * bar, (tip.x - before.x) / length * bar};
        sna_canvas_line(canvas, tip.x - across.x, tip.y - across.y, tip.x + across.x, tip.y + across.y,
                        fmax(2, width * 0.7), SNA_SOLID, rgb);
    }
}

/* A label's box on the picture. */
typedef struct {
    double left, right, top, bottom;
} area;

static double overlap(area a, area b)
{
    const double across = fmin(a.right, b.right) - fmax(a.left, b.left),
                 down = fmin(a.bottom, b.bottom) - fmax(a.top, b.top);

    return across > 0 && down > 0 ? across * down : 0;
}

/* Where along its line a label hides least: nodes, ends of lines, and the labels placed before it. */
static area place_label(const geometry *all, const sna_drawn_link *link, unsigned rank, double half, double tall,
                        const area *taken, uint64_t count)
{
    static const double stop[] = {0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74};
    point control[4];
    area best = {0, 0, 0, 0};
    double least = INFINITY;

    link_control(all, link, rank, control);
    for (size_t k = 0; k < sizeof stop / sizeof *stop && least > 0; k++) {
        point at = bezier(control, stop[k]);
        double cost = 0;
        area here;

        if (link->source == link->target) { /* outside the loop */
            const double angle = node_angle(all, link->source);
            at = bezier(control, 0.5);
            at.x += (half + 5) * cos(angle);
            at.y += (tall + 5) * sin(angle);
        }
        here = (area){at.x - half, at.x + half, at.y - tall, at.y + tall};
        for (uint64_t i = 0; i < all->nodes; i++) {
            const point node = node_place(all, i);
            const double r = 0.9 * all->node;
            cost += 4 * overlap(here, (area){node.x - r, node.x + r, node.y - r, node.y + r});
        }
        for (uint64_t i = 0; i < count; i++)
            cost += overlap(here, taken[i]);
        if (cost < least) {
            least = cost;
            best = here;
        }
        if (link->source == link->target)
            break;
    }
    return best;
}

static int draw_link_labels(sna_plot_canvas *canvas, const geometry *all, const sna_plot_diagram *diagram, double font)
{
    area *taken = NULL;
    uint64_t count = 0;
    int status = sna_allocate(&taken, diagram->links, sizeof *taken);

    for (uint64_t i = 0; i < diagram->links && status == 0; i++) {
        const sna_drawn_link *link = &diagram->link[i];
        double half, tall;

        if (link->label == NULL || link->label[0] == '\0')
            continue;
        half = sna_lettering_width(link->label, font, false) / 2 + 2;
        tall = 0.6 * font * (double)sna_lettering_lines(link->label) + 1;
        taken[count] = place_label(all, link, link_rank(diagram, i), half, tall, taken, count);
        sna_canvas_box(canvas, taken[count].left, taken[count].top, taken[count].right, taken[count].bottom, 0xFFFFFFu);
        sna_canvas_text(canvas, (taken[count].left + taken[count].right) / 2,
                        (taken[count].top + taken[count].bottom) / 2, link->label, font, ALIGN_CENTRE, 0, INK, false);
        count++;
    }
    free(taken);
    return status;
}

/* Smaller letters where the text is too wide for the circle, and fewer where that is not enough. */
static void draw_inside(sna_plot_canvas *canvas, point at, const char *text, double size, double room, bool bold,
                        uint32_t ink)
{
    char *shortened = NULL;
    const double wide = sna_lettering_width(text, size, bold);
    const double fitting = fmax(6, fmin(size, floor(2 * size * room / fmax(wide, 1)) / 2));

    if (canvas->status == 0)
        canvas->status = sna_lettering_shorten(&shortened, text, fitting * (bold ? 1.11 : 1), room + 1);
    if (canvas->status == 0)
        sna_canvas_text(canvas, at.x, at.y, shortened, fitting, ALIGN_CENTRE, 0, ink, bold);
    free(shortened);
}

static void draw_node(sna_plot_canvas *canvas, const geometry *all, const sna_drawn_node *node, uint64_t index,
                      double font)
{
    const point at = node_place(all, index);
    const uint32_t ink = sna_colour_contrast(node->rgb);
    const double room = 2 * all->node - 8;

    sna_canvas_disc(canvas, at.x, at.y, all->node, node->rgb);
    draw_inside(canvas, (point){at.x, at.y - (node->note == NULL ? 0 : 0.6 * font)}, node->name, font, room, true, ink);
    if (node->note != NULL)
        draw_inside(canvas, (point){at.x, at.y + 0.65 * font}, node->note, font - 2, room, false, ink);
}

void sna_diagram_draw(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    const sna_plot_diagram *diagram = &place->panel->diagram;
    const double scale = place->cell_width, node = node_radius(diagram, SIZE_LABEL);
    const geometry all = {ring_radius(diagram->nodes, node) * scale,
                          node * scale,
                          {place->left + place->width / 2, place->top + place->height / 2},
                          diagram->nodes};
    double largest = 0;
    int status;

    for (uint64_t i = 0; i < diagram->links; i++)
        largest = fmax(largest, diagram->link[i].weight);
    for (uint64_t i = 0; i < diagram->links; i++) {
        const double part = largest > 0 ? diagram->link[i].weight / largest : 0;
        draw_link(canvas, &all, diagram, i, round(4 * (WIDTH_LEAST + part * (WIDTH_MOST - WIDTH_LEAST))) / 4);
    }
    status = draw_link_labels(canvas, &all, diagram, fmax(6, place->font - 2));
    if (canvas->status == 0)
        canvas->status = status;
    for (uint64_t i = 0; i < diagram->nodes; i++)
        draw_node(canvas, &all, &diagram->node[i], i, place->font);
}
