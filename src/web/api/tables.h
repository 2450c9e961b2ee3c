#pragma once
// The route tables of all rooms, one per file of this folder.
#include <span>

#include "web/api/route.h"

namespace otklik {

extern const std::span<const Route> session_routes, people_routes, site_routes, recorder_routes,
    recording_routes, transcript_routes, device_routes, press_routes, panel_routes, question_routes,
    signal_routes, clip_routes, event_routes, form_routes, check_routes, draw_routes, figure_routes,
    import_routes, machine_routes, upload_routes, day_routes, view_routes, bulk_routes, loss_routes,
    form_help_routes, find_routes, presence_routes, point_routes, tour_routes, backup_routes,
    agent_routes, repair_routes, clock_routes, coverage_routes, link_routes, clip_story_routes,
    level_routes, agent_file_routes, mending_routes, mail_routes, alarm_routes, retention_routes,
    fragment_routes;

}  // namespace otklik
