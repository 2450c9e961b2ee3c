# otklik_embedded: db/migrations/*.sql, i18n/*.json and forms/starters/*.json inside the binary (generated/embedded.h), and the version
# (generated/version.h). A room that needs them says LIBS otklik_embedded.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(generated ${CMAKE_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated})
configure_file(${CMAKE_SOURCE_DIR}/cmake/embedded.h.in ${generated}/embedded.h COPYONLY)

file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/db/migrations/*.sql)
file(GLOB messages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/i18n/*.json)
file(GLOB starters CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/forms/starters/*.json)
file(GLOB demo CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/demo/*.json)
list(JOIN migrations "," migration_list)
list(JOIN messages "," message_list)
list(JOIN starters "," starter_list)
list(JOIN demo "," demo_list)
add_custom_command(
  OUTPUT ${generated}/embedded.cpp
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/embed.py ${generated}/embedded.cpp
          embedded_migrations=${migration_list} embedded_messages=${message_list}
          embedded_starters=${starter_list} embedded_demo=${demo_list}
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/embed.py ${migrations} ${messages} ${starters} ${demo}
  COMMENT "embedding migrations and messages" VERBATIM)

# The version follows the commit: rewritten when HEAD moves, and only when its text changes.
find_program(GIT git)
set(head_log "")
if(GIT)
  execute_process(COMMAND ${GIT} rev-parse --git-path logs/HEAD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                  OUTPUT_VARIABLE head_log OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(head_log)
    get_filename_component(head_log ${head_log} ABSOLUTE BASE_DIR ${CMAKE_SOURCE_DIR})
    if(NOT EXISTS ${head_log})
      set(head_log "")
    endif()
  endif()
endif()
add_custom_command(
  OUTPUT ${generated}/version.h
  COMMAND ${CMAKE_COMMAND} -DOUT=${generated}/version.h -DVERSION=${PROJECT_VERSION}
          -DSOURCE=${CMAKE_SOURCE_DIR} -P ${CMAKE_SOURCE_DIR}/cmake/version.cmake
  DEPENDS ${CMAKE_SOURCE_DIR}/cmake/version.cmake ${head_log}
  COMMENT "version" VERBATIM)

add_library(otklik_embedded STATIC ${generated}/embedded.cpp ${generated}/version.h)
target_include_directories(otklik_embedded PUBLIC ${CMAKE_BINARY_DIR} ${generated})
target_compile_options(otklik_embedded PRIVATE -Wno-overlength-strings)
set_target_properties(otklik_embedded PROPERTIES UNITY_BUILD OFF)
