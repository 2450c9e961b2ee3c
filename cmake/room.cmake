# room(NAME USES <rooms below> LIBS <libraries> ALONE <sources kept out of unity builds>): every .cpp of the folder but
# *_test.cpp becomes a library;
# the tests of all rooms become one executable. A room may use only what was declared before it: the order is law.
set_property(GLOBAL PROPERTY OTKLIK_ROOMS "")
set_property(GLOBAL PROPERTY OTKLIK_TEST_SOURCES "")
set_property(GLOBAL PROPERTY OTKLIK_TEST_LIBS "")  # what a room links privately, its tests may use too
function(room NAME)
  cmake_parse_arguments(ROOM "" "" "USES;LIBS;ALONE" ${ARGN})
  get_property(known GLOBAL PROPERTY OTKLIK_ROOMS)
  foreach(used IN LISTS ROOM_USES)
    if(NOT used IN_LIST known)
      message(FATAL_ERROR "room ${NAME} uses ${used}, which does not stand below it (src/CMakeLists.txt)")
    endif()
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  add_library(otklik_${NAME} STATIC ${sources})
  if(ROOM_ALONE)
    set_source_files_properties(${ROOM_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  target_include_directories(otklik_${NAME} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
  list(TRANSFORM ROOM_USES PREPEND otklik_ OUTPUT_VARIABLE used_targets)
  target_link_libraries(otklik_${NAME} PUBLIC ${used_targets} PRIVATE ${ROOM_LIBS})
  set_property(GLOBAL APPEND PROPERTY OTKLIK_ROOMS ${NAME})
  set_property(GLOBAL APPEND PROPERTY OTKLIK_TEST_SOURCES ${tests})
  set_property(GLOBAL APPEND PROPERTY OTKLIK_TEST_LIBS ${ROOM_LIBS})
endfunction()

# precompiled(TARGET <headers>): what nearly all sources of the target include is read once. A journey compiles in half
# the time, a source of the API in seven eighths; rooms' tests gained nothing. Only where sources are joined:
# by day a header is changed more often than all is built, and clang-tidy reads no headers of GCC's.
function(precompiled TARGET)
  if(OTKLIK_UNITY)
    target_precompile_headers(${TARGET} PRIVATE ${ARGN})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${TARGET} PRIVATE -fpch-preprocess)  # ccache wants it
    endif()
  endif()
endfunction()

# house_program(NAME SOURCES <files> LIBS <libraries>): an executable over all rooms, for tests/ and bench/. A GoogleTest
# program in tests/ is named <word>_tests, and ./dev test runs it.
function(house_program NAME)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${NAME} ${PROGRAM_SOURCES})
  get_property(rooms GLOBAL PROPERTY OTKLIK_ROOMS)
  get_property(libs GLOBAL PROPERTY OTKLIK_TEST_LIBS)
  list(REMOVE_DUPLICATES libs)
  list(TRANSFORM rooms PREPEND otklik_)
  list(REVERSE rooms)  # static libraries: users before what they use
  target_link_libraries(${NAME} PRIVATE ${rooms} ${libs} ${PROGRAM_LIBS})
endfunction()
