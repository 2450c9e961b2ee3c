-- A wave that is gone is found by its file, to be drawn again.
create index track_peaks on track (peaks_file_id);
