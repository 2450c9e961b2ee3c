#include "app/commands.h"

int main(int argc, char** argv) {
    return otklik::run_program(argc, argv);
}
