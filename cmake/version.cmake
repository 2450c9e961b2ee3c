# Run at build time: writes generated/version.h when its text changes.
find_program(GIT git)
set(BUILD "unknown")
if(GIT)
  execute_process(COMMAND ${GIT} describe --tags --always WORKING_DIRECTORY ${SOURCE}
                  OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(described)
    set(BUILD ${described})
  endif()
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT "#pragma once
// Written at build time by cmake/version.cmake.
#include <string_view>
namespace otklik {
inline constexpr std::string_view program_version = \"${VERSION}\";
inline constexpr std::string_view program_build = \"${BUILD}\";  // git describe, or unknown
}  // namespace otklik
")
