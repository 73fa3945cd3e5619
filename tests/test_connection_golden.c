/* test_connection_golden.c: runs test_connection_golden.py: every call of bmtool's that is kept, against the program.
 */
#include "support.h"

#include <stdlib.h>

static void test_calls(void **state)
{
    char *data = test_shared_path("data/networks"), *golden = test_shared_path("golden/networks"),
         *script = test_source_path("tests/test_connection_golden.py");
    const char *const words[] = {"/usr/bin/python3", script, SONATINA_BINARY_DIR "/sonatina", data, golden, NULL};
    sna_process process = {.output = SNA_STRING};

    (void)state;
    if (data == NULL || golden == NULL)
        goto out;
    assert_done(sna_process_run(&process, words, NULL, NULL, NULL));
    if (process.exit_status != 0)
        fail_msg("%s", sna_string_text(&process.output));
    print_message("%s", sna_string_text(&process.output));
out:
    sna_process_free(&process);
    free(script);
    if (data == NULL || golden == NULL) {
        free(data);
        free(golden);
        skip();
    }
    free(data);
    free(golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_calls)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
