"""The working day of `./run demo`: a real centre, a real client, a cohort workbook, a shift with the cable pulled."""
