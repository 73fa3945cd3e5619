# What `cmake --install` puts where: program, libraries, headers, manual pages, pkg-config file, CMake package.
include(CMakePackageConfigHelpers)

install(TARGETS sonatina_shared sonatina_static EXPORT sonatina-targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS sonatina RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET sonatina_graph)
  install(TARGETS sonatina_graph EXPORT sonatina-targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()

# Headers include each other as "room/room.h"; below include/sonatina they are siblings, <sonatina/room.h>.
foreach(header ${SONATINA_PUBLIC_HEADERS})
  get_filename_component(name ${header} NAME)
  file(READ ${header} text)
  string(REGEX REPLACE "#include [\"<][a-z]+/([a-z]+\\.h)[\">]" "#include \"\\1\"" text "${text}")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/include/sonatina/${name} CONTENT "${text}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
  install(FILES ${CMAKE_BINARY_DIR}/include/sonatina/${name} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sonatina)
endforeach()

file(RELATIVE_PATH SONATINA_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/sonatina.pc.in sonatina.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/sonatina.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(EXPORT sonatina-targets NAMESPACE sonatina:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sonatina)
configure_package_config_file(cmake/sonatina-config.cmake.in sonatina-config.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sonatina)
write_basic_package_version_file(sonatina-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/sonatina-config.cmake ${CMAKE_BINARY_DIR}/sonatina-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sonatina)

install(DIRECTORY ${CMAKE_SOURCE_DIR}/examples/ DESTINATION ${CMAKE_INSTALL_DATADIR}/sonatina/examples)

# Manual pages are made from the help texts, so that they cannot disagree.
find_program(HELP2MAN help2man)
if(HELP2MAN AND NOT SONATINA_SANITIZE)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/man/man1/sonatina.1
                     COMMAND ${CMAKE_SOURCE_DIR}/docs/make-manual.sh $<TARGET_FILE:sonatina> ${CMAKE_BINARY_DIR}/man
                     DEPENDS sonatina $<TARGET_NAME_IF_EXISTS:sonatina_graph> ${CMAKE_SOURCE_DIR}/docs/make-manual.sh COMMENT "Making the manual pages" VERBATIM)
  add_custom_target(manual ALL DEPENDS ${CMAKE_BINARY_DIR}/man/man1/sonatina.1)
  install(DIRECTORY ${CMAKE_BINARY_DIR}/man/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
elseif(NOT SONATINA_SANITIZE)
  message(STATUS "help2man is not installed: no manual pages (each command's --help says the same)")
endif()
