mod hostile;
mod samples;
